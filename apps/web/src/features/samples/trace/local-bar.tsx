import type { TraceDetail } from '@flywheel/domain/trace';
import { localLink } from '../../../app/links.ts';

/** What a local model can be asked about this one trace; each opens the launch dialog, filled in. */
export const LocalBar = ({ trace, step }: { trace: TraceDetail; step: number | null }) => {
  const { row } = trace;
  const query = `id:${row.id}`;
  const at = step ?? (row.firstError !== null && row.firstError >= 0 ? row.firstError : null);
  return (
    <div className="local-bar" role="toolbar" aria-label="Ask a local model">
      {at !== null && (
        <a
          className="btn sm"
          href={localLink({ kind: 'sample', query, from: { kind: 'step', step: at } })}
          title={`Go on from behind the steps before S${at}, several times`}
        >
          Fork at S{at}
        </a>
      )}
      <a
        className="btn sm"
        href={localLink({ kind: 'sample', query })}
        title="Ask its problem again, several times"
      >
        Sample
      </a>
      <a
        className="btn sm"
        href={localLink({ kind: 'score', query })}
        title="How surprised is a model by each step?"
      >
        Score
      </a>
      <a
        className="btn sm"
        href={localLink({ kind: 'step-label', query })}
        title="From which steps can a model still reach the right answer?"
      >
        Label steps
      </a>
    </div>
  );
};
