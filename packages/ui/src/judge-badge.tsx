/** What a badge says: `good`, `neutral`, `bad`, or that the judge has not looked. */
export type BadgeVerdict = 'good' | 'neutral' | 'bad' | 'off';

const TONE = { good: 'p', neutral: 'o', bad: 'm', off: 'off' } as const;
const GLYPH = { good: '✓', neutral: '–', bad: '✕', off: '·' } as const;

/**
 * A judge's letter and its verdict. Dashed while it is a model's opinion that no person confirmed.
 *
 * @param text stands in place of the verdict's sign, e.g. `S0`
 */
export const JudgeBadge = (p: {
  kind: 'verifier' | 'critic' | 'local' | 'human';
  verdict: BadgeVerdict;
  text?: string;
  title: string;
}) => {
  const ai = p.kind === 'critic' || p.kind === 'local';
  const classes = ['jb', TONE[p.verdict], ai && 'ai', p.kind === 'human' && p.verdict !== 'off' && 'human'];
  return (
    <span className={classes.filter(Boolean).join(' ')} title={p.title} role="img" aria-label={p.title}>
      <b aria-hidden="true">{p.kind.charAt(0).toUpperCase()}</b>
      <i aria-hidden="true">{p.text ?? GLYPH[p.verdict]}</i>
    </span>
  );
};
