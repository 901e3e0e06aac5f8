import { defaultFrame } from '@flywheel/domain/local-run';
import { type Form, promptText } from './launch-fields.ts';

/** How a problem is put to the model; folded, as the default fits most. */
export const PromptFields = (p: {
  form: Form;
  canChat: boolean;
  onChange: (change: Partial<Form>) => void;
}) => {
  const { form, canChat, onChange } = p;
  const missing = !form.prompt.includes('{problem}');
  return (
    <details className="wide prompt-fields" open={missing || undefined}>
      <summary>How the problem is put to it: {form.chat ? 'as a conversation' : 'as plain text'}</summary>
      <div className="prompt-grid">
        <label>
          Form
          <select
            className="field"
            value={form.chat ? 'chat' : 'text'}
            onChange={(e) => {
              const chat = e.target.value === 'chat';
              onChange({ chat, prompt: promptText(defaultFrame(chat)) });
            }}
          >
            {canChat && <option value="chat">conversation</option>}
            <option value="text">plain text</option>
          </select>
        </label>
        {form.chat && (
          <label>
            System
            <input
              className="field"
              value={form.system}
              placeholder="none"
              onChange={(e) => onChange({ system: e.target.value })}
            />
          </label>
        )}
        <label className="prompt-text">
          {form.chat ? 'User' : 'Text'}, with {'{problem}'}
          <textarea
            className="field mono"
            rows={4}
            value={form.prompt}
            aria-invalid={missing}
            onChange={(e) => onChange({ prompt: e.target.value })}
          />
        </label>
        {missing && <p className="bad fs12">Write {'{problem}'} where the problem is to stand.</p>}
      </div>
    </details>
  );
};
