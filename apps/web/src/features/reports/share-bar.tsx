/** A share of 0 to 1 with its interval on an axis from 0 to 1: a line with caps, and a marker. */
export const ShareBar = (p: {
  value: number | null;
  interval: readonly [number, number] | null;
  label: string;
}) => (
  <span className="share-bar" role="img" aria-label={p.label}>
    {p.interval && (
      <i
        className="ci"
        style={{ left: `${100 * p.interval[0]}%`, right: `${100 * (1 - p.interval[1])}%` }}
        aria-hidden="true"
      />
    )}
    {p.value !== null && <i className="mk" style={{ left: `${100 * p.value}%` }} aria-hidden="true" />}
  </span>
);

/** `83 % (71 to 91)`; a dash where there is no share. */
export const shareText = (value: number | null, interval: readonly [number, number] | null): string => {
  if (value === null) return '–';
  const whole = (share: number): string => (100 * share).toFixed(0);
  return interval
    ? `${whole(value)} % (${whole(interval[0])} to ${whole(interval[1])})`
    : `${whole(value)} %`;
};
