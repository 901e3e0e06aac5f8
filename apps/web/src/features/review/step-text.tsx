import { Fragment } from 'react';

const ANNOTATION = /<<[^<>]*>>/g;

/** A step's text, every character as the model wrote it; calculation annotations are set back, not cut. */
export const StepText = ({ text }: { text: string }) => {
  const parts: { text: string; calc: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(ANNOTATION)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), calc: false });
    parts.push({ text: match[0], calc: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), calc: false });
  return (
    <p className="mono verbatim">
      {parts.map((part, i) =>
        part.calc ? (
          <span key={i} className="rv-calc">
            {part.text}
          </span>
        ) : (
          <Fragment key={i}>{part.text}</Fragment>
        ),
      )}
      {text === '' && <span className="rv-empty">(empty step)</span>}
    </p>
  );
};
