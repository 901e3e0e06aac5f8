import type { Proposal, ProposalOutcome } from '@flywheel/domain/improve';

const OUTCOMES: Readonly<Record<ProposalOutcome, string>> = {
  accepted: 'taken',
  'not-better': 'not better',
  invalid: 'unusable',
  'no-answer': 'no prompt came',
};

/** Every attempt, the newest first. */
export const ProposalList = ({ proposals }: { proposals: readonly Proposal[] }) => {
  if (proposals.length === 0) return null;
  const taken = proposals.filter((p) => p.outcome === 'accepted').length;
  return (
    <details className="report-proposals">
      <summary>
        {proposals.length} attempts, {taken} taken
      </summary>
      <ol reversed>
        {proposals.toReversed().map((p) => (
          <li key={`${p.atCall} ${p.parent}`}>
            <b>{OUTCOMES[p.outcome]}</b>{' '}
            <span className="t2">
              {p.part} of prompt {p.parent}; right on {p.before}
              {p.after === null ? '' : ` → ${p.after}`} of {p.traces.length}
              {p.reason ? `. ${p.reason}` : ''}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
};
