import { Button } from '@flywheel/ui/button.tsx';
import type { Branch, Sample } from './console-run.ts';
import { TokenRow } from './token-row.tsx';

interface SampleListProps {
  samples: readonly Sample[];
  /** Something is being written. */
  busy: boolean;
  onBranch: (branch: Branch) => void;
  /** Absent: what was asked is no conversation. */
  onReply?: ((sample: Sample) => void) | undefined;
}

/** What a model answered, each sample by its tokens; another token in a place makes a branch. */
export const SampleList = ({ samples, busy, onBranch, onReply }: SampleListProps) =>
  samples.map((sample, i) => (
    // Samples are never moved.
    <section key={i} className="answer" aria-label={samples.length === 1 ? 'Answer' : `Sample ${i}`}>
      {samples.length > 1 && (
        <h3>
          Sample {i} <span className="t3">{endOf(sample)}</span>
        </h3>
      )}
      <TokenRow
        label={samples.length === 1 ? 'Tokens of the answer' : `Tokens of sample ${i}`}
        tokens={sample.tokens}
        onTake={
          busy
            ? undefined
            : (at, other) => {
                const place = sample.tokens[at];
                if (!place) return;
                const before = at === 0 ? '' : (sample.upTo[at - 1] ?? '');
                const rank = place.alternatives.findIndex((a) => a.id === other.id);
                onBranch({
                  sample: i,
                  kept: {
                    tokens: [...sample.tokens.slice(0, at), { ...place, ...other, rank }],
                    upTo: [...sample.upTo.slice(0, at), before + other.text],
                    finish: null,
                  },
                });
              }
        }
      />
      {!busy && sample.tokens.length > 0 && (
        <p className="row">
          {samples.length === 1 && <span className="t3 fs12">It {endOf(sample)}.</span>}
          <span className="grow" />
          {onReply && (
            <Button small onClick={() => onReply(sample)}>
              Reply to it
            </Button>
          )}
        </p>
      )}
    </section>
  ));

const endOf = ({ finish, tokens }: Sample): string => {
  switch (finish) {
    case 'stop':
      return 'ended';
    case 'length':
      return 'was cut at its length';
    case null:
      return tokens.length === 0 ? 'waits' : 'is not at its end';
  }
};
