const WIDTHS = [62, 48, 71, 55, 40, 66];

/** Rows that have not arrived: bars at the rows' own height, so that nothing moves when they do. */
export const LoadingRows = ({ rows = 6, label = 'Loading' }: { rows?: number; label?: string }) => (
  <div className="loading-rows" role="status" aria-label={label}>
    {Array.from({ length: rows }, (_, i) => (
      <span key={i}>
        <i style={{ width: `${WIDTHS[i % WIDTHS.length]}%` }} />
      </span>
    ))}
  </div>
);
