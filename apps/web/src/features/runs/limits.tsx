import { possibleActs, type RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { Popover } from '@flywheel/ui/popover.tsx';
import { useId, useState } from 'react';
import { LIMIT_FIELDS, limitProblem, limitsText, limitTexts, PRIORITIES, tuningOf } from './limits-fields.ts';
import { tuneRun } from './run-acts.ts';

/** How a run that asks a model may go, and what it may use up: shown, and changed while it lives. */
export const Limits = ({ run }: { run: RunSummary }) => {
  const words = limitsText(run);
  if (words === '') return null;
  return (
    <div className="row run-limits">
      <span className="t3">Limits</span>
      <span className="grow">{words}</span>
      {possibleActs(run).length > 0 && (
        <Popover trigger="Change" label="Change the limits" className="btn sm">
          {(close) => <LimitsForm run={run} close={close} />}
        </Popover>
      )}
    </div>
  );
};

const LimitsForm = ({ run, close }: { run: RunSummary; close: () => void }) => {
  const { tuning } = run;
  const id = useId();
  const [texts, setTexts] = useState(tuning && limitTexts(tuning));
  const [priority, setPriority] = useState(tuning?.priority ?? 'normal');
  if (texts === null) return null;
  const problems = LIMIT_FIELDS.map((field) => limitProblem(field, texts[field.name]));
  return (
    <form
      className="new-run"
      onSubmit={(event) => {
        event.preventDefault();
        if (problems.some((p) => p !== '')) return;
        close();
        void tuneRun(run, tuningOf(texts, priority));
      }}
    >
      {LIMIT_FIELDS.map(({ name, label, placeholder }, i) => (
        <label key={name}>
          {label}
          <input
            className="field"
            inputMode="decimal"
            value={texts[name]}
            placeholder={placeholder}
            aria-invalid={problems[i] !== ''}
            aria-describedby={`${id} ${name}`}
            onChange={(e) => setTexts({ ...texts, [name]: e.target.value })}
          />
          {problems[i] !== '' && (
            <span id={`${id} ${name}`} className="bad fs12">
              {problems[i]}
            </span>
          )}
        </label>
      ))}
      <label>
        Priority beside other runs
        <select
          className="field"
          value={priority}
          onChange={(e) => setPriority(PRIORITIES.find((p) => p === e.target.value) ?? 'normal')}
        >
          {PRIORITIES.map((p) => (
            <option key={p}>{p}</option>
          ))}
        </select>
      </label>
      <Button primary submit disabled={problems.some((p) => p !== '')}>
        Set
      </Button>
    </form>
  );
};
