import type { TraceDetail } from '@flywheel/domain/trace';
import { useQueryClient } from '@tanstack/react-query';
import { Flag, X } from 'lucide-react';
import { usePreferences } from '../../../app/preferences.ts';
import { toast } from '../../../app/toasts.ts';
import { client } from '../../../app/trpc.ts';
import { useActs } from '../bulk/use-acts.ts';
import { confirmable, confirmation } from './confirmation.ts';
import { Folded } from './folded.tsx';
import { TraceText } from './trace-text.tsx';

const SIGN = { right: '✓', wrong: '✕', none: '–', unknown: '?' } as const;
const WORD = { right: 'right', wrong: 'wrong', none: 'no answer', unknown: 'not compared' } as const;

/** Outcome, answers, problem, and what can be done with this one trace. */
export const TraceHead = ({ trace, rendered }: { trace: TraceDetail; rendered: boolean }) => {
  const { row, problem } = trace;
  const tone = row.outcome === 'wrong' ? 'bad' : row.outcome === 'right' ? 'good' : '';
  return (
    <div className="trace-block">
      <div className="row trace-outcome">
        <span className={`tag ${tone}`}>
          {SIGN[row.outcome]} {WORD[row.outcome]}
        </span>
        <span className="trunc">
          answer <b>{row.answer ?? 'none'}</b>, reference <b>{row.reference ?? 'none'}</b>
        </span>
        <span className="grow" />
        <TraceActs trace={trace} />
      </div>
      <Folded key={problem.id} text={problem.prompt}>
        <TraceText text={problem.prompt} rendered={rendered} />
      </Folded>
      {row.tags.length > 0 && (
        <ul className="row tags" aria-label="Tags">
          {row.tags.map((tag) => (
            <TagChip key={tag} trace={trace} tag={tag} />
          ))}
        </ul>
      )}
    </div>
  );
};

const TraceActs = ({ trace }: { trace: TraceDetail }) => {
  const acts = useActs(`id:${trace.row.id}`);
  const queries = useQueryClient();
  const reviewer = usePreferences((s) => s.reviewer);
  const verdict = confirmable(trace);
  const confirm = async (name: string) => {
    const review = confirmation(trace, name, crypto.randomUUID(), Date.now());
    const refresh = () => queries.invalidateQueries({ queryKey: ['samples'] });
    try {
      await client.reviews.append.mutate(review);
      toast({
        text: `Confirmed ${verdict} of ${trace.row.label}`,
        undo: async () => {
          const id = crypto.randomUUID() as typeof review.id;
          await client.reviews.undo.mutate({ id, undoes: review.id, reviewer: name, at: Date.now() });
          await refresh();
        },
      });
    } catch (cause) {
      toast({ text: `Not confirmed: ${cause instanceof Error ? cause.message : cause}`, tone: 'bad' });
    }
    await refresh();
  };
  return (
    <>
      {verdict && (
        <button
          type="button"
          className="btn sm"
          disabled={!reviewer}
          title={
            reviewer
              ? `Agree as ${reviewer}: it becomes a review of yours`
              : 'Give your name in Review first; then you can confirm here'
          }
          onClick={() => reviewer && void confirm(reviewer)}
        >
          Confirm {verdict}
        </button>
      )}
      <button
        type="button"
        className="ib"
        aria-pressed={trace.row.flagged}
        aria-label="Flag this trace"
        title="Flag this trace (f)"
        onClick={() => void acts.flag(!trace.row.flagged)}
      >
        <Flag className={trace.row.flagged ? 'i i14 acc' : 'i i14'} aria-hidden="true" />
      </button>
    </>
  );
};

const TagChip = ({ trace, tag }: { trace: TraceDetail; tag: string }) => {
  const acts = useActs(`id:${trace.row.id}`);
  return (
    <li className="tag">
      {tag}
      <button
        type="button"
        className="tag-x"
        aria-label={`Take tag ${tag} away`}
        onClick={() => void acts.tag(tag, false)}
      >
        <X className="i i12" aria-hidden="true" />
      </button>
    </li>
  );
};
