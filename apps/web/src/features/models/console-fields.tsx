import type { ChatMessage } from '@flywheel/domain/chat';
import { Button } from '@flywheel/ui/button.tsx';
import type { ReactNode } from 'react';
import { NumberField } from '../../app/dialogs/number-field.tsx';
import { type ConsoleForm, FIELDS, type Mode, SEEN } from './console-form.ts';
import { numberProblem } from './launch-fields.ts';

const MODES: Readonly<Record<Mode, string>> = { chat: 'Conversation', text: 'Continue', read: 'Read' };

const HINTS: Readonly<Record<Mode, string>> = {
  chat: 'What is 17 + 25?',
  text: 'A text that the model is to continue',
  read: 'A text that the model is to read: each token shows how much it surprised',
};

interface ConsoleFieldsProps {
  form: ConsoleForm;
  canChat: boolean;
  /** What was said before in this conversation. */
  turns: readonly ChatMessage[];
  onChange: (change: Partial<ConsoleForm>) => void;
  onForget: () => void;
  /** The button that asks. */
  children: ReactNode;
}

/** What the console asks, and with which numbers. */
export const ConsoleFields = ({ form, canChat, turns, onChange, onForget, children }: ConsoleFieldsProps) => {
  const { mode } = form;
  const fields = FIELDS.map((f) => (
    <NumberField
      key={f.name}
      label={f.label}
      value={form.numbers[f.name]}
      min={f.min}
      max={f.max}
      step={f.whole ? 1 : 'any'}
      problem={numberProblem(f, form.numbers[f.name])}
      onText={(text) => onChange({ numbers: { ...form.numbers, [f.name]: text } })}
    />
  ));
  return (
    <>
      <div className="kinds" role="radiogroup" aria-label="What to do with the text">
        {(Object.keys(MODES) as Mode[])
          .filter((m) => m !== 'chat' || canChat)
          .map((m) => (
            <button
              key={m}
              type="button"
              role="radio"
              aria-checked={mode === m}
              onClick={() => onChange({ mode: m })}
            >
              {MODES[m]}
            </button>
          ))}
      </div>
      {mode === 'chat' && (
        <input
          className="field"
          aria-label="System"
          placeholder="System, if any"
          value={form.system}
          onChange={(e) => onChange({ system: e.target.value })}
        />
      )}
      {mode === 'chat' && turns.length > 0 && (
        <div className="turns">
          <ol aria-label="What was said before">
            {turns.map((turn, i) => (
              // Turns are only added.
              <li key={i}>
                <span className="t3">{turn.role === 'user' ? 'you' : 'model'}</span>
                <span className="trunc" title={turn.content}>
                  {turn.content}
                </span>
              </li>
            ))}
          </ol>
          <Button small onClick={onForget}>
            Begin anew
          </Button>
        </div>
      )}
      <textarea
        className="field mono"
        rows={4}
        aria-label={mode === 'chat' ? 'Message' : 'Text'}
        placeholder={HINTS[mode]}
        value={form.text}
        onChange={(e) => onChange({ text: e.target.value })}
      />
      <div className="row console-fields">
        {mode !== 'read' && fields.slice(0, SEEN)}
        <span className="grow" />
        {children}
      </div>
      {mode !== 'read' && (
        <details>
          <summary className="t2 fs12">Cuts, penalty, stop texts</summary>
          <div className="console-more">
            {fields.slice(SEEN)}
            <label className="stops">
              Ends before, one text a line
              <textarea
                className="field mono"
                rows={2}
                value={form.stop}
                spellCheck={false}
                placeholder="\n\n"
                onChange={(e) => onChange({ stop: e.target.value })}
              />
            </label>
          </div>
        </details>
      )}
    </>
  );
};
