/** What a step's label looks like in words, for the tooltip and for screen readers. */
const WORDS: Record<string, string> = { '+': 'good', '0': 'neutral', '-': 'bad', '.': 'not looked at' };
const CELL = 10;
/** Room for `+123`, CSS pixels. */
const MORE = 28;

/**
 * One 8x16 cell a step: square good, bar neutral, half-filled bad, pin with a cross first error, outline not looked at.
 * Steps past `max` are counted behind the last cell. The foot is dashed while only a program or model said so, solid once a person did.
 */
export const StepStrip = (p: {
  strip: string;
  firstError: number | null;
  confirmed: boolean;
  max?: number;
}) => {
  const cells = [...p.strip].slice(0, p.max ?? 12);
  const labelled = /[+0-]/.test(p.strip);
  const label = cells.map((c, i) => `S${i} ${i === p.firstError ? 'first error' : WORDS[c]}`).join(', ');
  const width = cells.length * CELL;
  const more = p.strip.length - cells.length;
  const said = more > 0 ? `${label}, and ${more} more steps` : label;
  return (
    <svg className="strip" role="img" aria-label={said} width={width + (more > 0 ? MORE : 0)} height={20}>
      {more > 0 && (
        <text className="more" x={width} y={12}>
          +{more}
        </text>
      )}
      {cells.map((cell, i) => (
        <Cell key={i} x={i * CELL} cell={i === p.firstError ? 'x' : cell} />
      ))}
      {labelled && (
        <line className={p.confirmed ? 'foot' : 'foot ai'} x1={0} x2={width - 2} y1={18.5} y2={18.5} />
      )}
    </svg>
  );
};

const Cell = ({ x, cell }: { x: number; cell: string }) => {
  switch (cell) {
    case 'x':
      return (
        <>
          <path className="b" d={`M${x} 0h8v13l-4 3-4-3z`} />
          <path className="k" d={`M${x + 2} 4l4 4m0-4l-4 4`} />
        </>
      );
    case '+':
      return <rect className="g" x={x} y={4} width={8} height={8} />;
    case '0':
      return <rect className="z" x={x} y={7} width={8} height={3} />;
    case '-':
      return (
        <>
          <rect className="bo" x={x + 0.5} y={4.5} width={7} height={7} />
          <path className="b" d={`M${x} 12h8v-8z`} />
        </>
      );
    default:
      return <rect className="u" x={x + 0.5} y={4.5} width={7} height={7} />;
  }
};
