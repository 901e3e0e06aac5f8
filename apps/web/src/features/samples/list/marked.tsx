/** Where the words of the search stand in a trace, with a little text around the first. */
export interface Snippet {
  step: number | null;
  text: string;
  marks: [start: number, end: number][];
}

/** The first hit, for a row; what stands around it is its tooltip. */
export const Marked = ({ snippet }: { snippet: Snippet }) => {
  const [first] = snippet.marks;
  if (!first) return null;
  const where = snippet.step === null ? 'problem' : `S${snippet.step}`;
  return (
    <span className="snippet" title={`${where}: ${snippet.text}`}>
      {snippet.step !== null && <span className="t3 mono">{where} </span>}
      <mark>{snippet.text.slice(...first)}</mark>
    </span>
  );
};
