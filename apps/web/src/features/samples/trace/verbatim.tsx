import type { Evidence } from '@flywheel/domain/judgement';
import { ArrowRight } from 'lucide-react';
import { Fragment } from 'react';
import { piecesOf } from './pieces.ts';

interface VerbatimProps {
  text: string;
  /** Claims of this text that were checked; only false ones are marked. */
  evidence?: readonly Evidence[];
}

/** The text as the model wrote it, every character. A false value is struck through and the right one stands beside it. */
export const Verbatim = ({ text, evidence = [] }: VerbatimProps) => (
  <p className="verbatim mono">
    {text === '' && <span className="t3">(empty step)</span>}
    {piecesOf(text, evidence).map((piece, i) =>
      piece.claim ? (
        <FalseClaim key={i} text={piece.text} claim={piece.claim} />
      ) : (
        <Fragment key={i}>{piece.text}</Fragment>
      ),
    )}
  </p>
);

const FalseClaim = ({ text, claim }: { text: string; claim: Evidence }) => {
  const at = claim.found === '' ? -1 : text.lastIndexOf(claim.found);
  const note = claim.note ? `: ${claim.note}` : '';
  return (
    <>
      <span className="false-claim" title={`${claim.claim} should be ${claim.expected}${note}`}>
        {at < 0 ? (
          text
        ) : (
          <>
            {text.slice(0, at)}
            <s>{claim.found}</s>
            {text.slice(at + claim.found.length)}
          </>
        )}
      </span>
      {/* Not part of what the model wrote: copying the step leaves it out. */}
      <ins className="right-value" aria-label={`should be ${claim.expected}`}>
        <ArrowRight className="i i12" aria-hidden="true" />
        {claim.expected}
      </ins>
    </>
  );
};
