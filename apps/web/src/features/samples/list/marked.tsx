/** Where the words of the search stand in a trace, with a little text around the first. */
export interface Snippet {
  step: number | null;
  text: string;
  marks: [start: number, end: number][];
}

const BEFORE = 12;
const AFTER = 16;

/** The first hit and a few characters around it, for a row; the whole snippet is its tooltip. */
export const Marked = ({ snippet }: { snippet: Snippet }) => {
  const [first] = snippet.marks;
  if (!first) return null;
  const [start, end] = first;
  const where = snippet.step === null ? 'problem' : `S${snippet.step}`;
  return (
    <span className="snippet" title={`${where}: ${snippet.text}`}>
      {snippet.step !== null && <span className="t3 mono">{where} </span>}
      {snippet.text.slice(Math.max(0, start - BEFORE), start).replace(/\s+/g, ' ')}
      <mark>{snippet.text.slice(start, end)}</mark>
      {snippet.text.slice(end, end + AFTER).replace(/\s+/g, ' ')}
    </span>
  );
};
