import type { TraceRow } from '@flywheel/domain/trace';

const KINDS = ['verifier', 'critic', 'local', 'human'] as const;

const glyph = (at: number | null): string =>
  at === null ? '·' : at === -1 ? '○' : at === -2 ? '?' : String(at);
const words = (at: number | null): string =>
  at === null ? 'has not run' : at === -1 ? 'clean' : at === -2 ? 'flawed somewhere' : `S${at}`;

/** Where each kind of judge puts the first error; boxed where it disagrees with the resolved flaw. */
export const AgreementCell = ({ row }: { row: TraceRow }) => {
  const label = KINDS.map((k) => `${k} ${words(row.agreement[k])}`).join(', ');
  return (
    <span className="agreement" role="img" aria-label={label} title={label}>
      {KINDS.map((k) => {
        const at = row.agreement[k];
        const disagrees = row.conflict && at !== null && at !== row.firstError && at !== -2;
        return (
          <b key={k} data-nil={at === null || undefined} data-conflict={disagrees || undefined}>
            {glyph(at)}
          </b>
        );
      })}
    </span>
  );
};
