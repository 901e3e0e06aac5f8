import { useState } from 'react';
import type { WaitingFile } from './intake.ts';
import type { PreviewTrace } from './server.ts';

/** Steps of a trace that are shown before one asks for more. */
const STEPS = 6;

/** The first traces as they would be imported, and the records that would be rejected. */
export const PreviewPane = ({ waiting }: { waiting: WaitingFile }) => {
  const { preview, previewError } = waiting;
  if (previewError !== null)
    return (
      <p className="bad fs12 preview-note" role="alert">
        This mapping cannot be used: {previewError}
      </p>
    );
  if (preview === null)
    return <p className="t2 preview-note">Choose a preset, or the fields that hold problem and steps.</p>;
  const { traces, rejects, sampled } = preview;
  return (
    <>
      {rejects.length > 0 && (
        <section className="preview-rejects" aria-label="Records that would be rejected">
          <h3 className="warn">
            {rejects.length} of the first {sampled} records would be rejected
          </h3>
          <ul>
            {rejects.slice(0, 8).map((reject) => (
              <li key={`${reject.line} ${reject.reason}`}>
                <b>line {reject.line}</b> {reject.reason}
                <span className="mono t3 trunc" title={reject.excerpt}>
                  {reject.excerpt}
                </span>
              </li>
            ))}
            {rejects.length > 8 && <li className="t3">and {rejects.length - 8} more</li>}
          </ul>
        </section>
      )}
      {traces.length === 0 && (
        <p className="preview-note">
          {sampled === 0 ? 'The file holds no records.' : 'No record of the sample becomes a trace.'}
        </p>
      )}
      <ol className="preview-traces" aria-label="First traces">
        {traces.map((trace, i) => (
          <Trace key={`${trace.line} ${i}`} trace={trace} />
        ))}
      </ol>
    </>
  );
};

const Trace = ({ trace }: { trace: PreviewTrace }) => {
  const [all, setAll] = useState(false);
  const shown = all ? trace.steps : trace.steps.slice(0, STEPS);
  const left = trace.stepCount - shown.length;
  return (
    <li className="preview-trace">
      <p className="row fs12 t2">
        <b className="t1">{trace.task}</b>
        <span className="trunc" title={trace.model}>
          {trace.model}
        </span>
        <span className="t3">line {trace.line}</span>
        <span className="grow" />
        <Gold gold={trace.gold} />
        {trace.given !== null && <span>given outcome {trace.given}</span>}
      </p>
      <p className="mono preview-prompt">{trace.prompt}</p>
      <ol className="preview-steps">
        {shown.map((step, i) => (
          <li key={i} data-wrong={trace.gold === i || undefined}>
            <span className="t3 mono">S{i}</span>
            <span className="mono">{step === '' ? <i className="t3">(empty step)</i> : step}</span>
          </li>
        ))}
      </ol>
      {left > 0 &&
        (all ? (
          <p className="t3 fs12">and {left} more steps, not shown here</p>
        ) : (
          <button type="button" className="btn sm ghost" onClick={() => setAll(true)}>
            {left} more steps
          </button>
        ))}
      <dl className="preview-facts fs12">
        <Fact name="answer" value={trace.answer} />
        <Fact name="reference" value={trace.reference} />
        {trace.extra.map(({ name, value }) => (
          <Fact key={name} name={name} value={value} imported />
        ))}
      </dl>
    </li>
  );
};

const Gold = ({ gold }: { gold: number | null }) => {
  if (gold === null) return null;
  if (gold === -1) return <span className="good">gold: clean</span>;
  return <span className="bad">gold: {gold < 0 ? 'flawed' : `first error S${gold}`}</span>;
};

const Fact = ({ name, value, imported }: { name: string; value: string | null; imported?: boolean }) => (
  <div>
    <dt className="t3" title={imported ? 'Not used by the mapping: kept with the trace' : undefined}>
      {imported && 'field '}
      {name}
    </dt>
    <dd className="mono trunc" title={value ?? undefined}>
      {value ?? <span className="t3">none</span>}
    </dd>
  </div>
);
