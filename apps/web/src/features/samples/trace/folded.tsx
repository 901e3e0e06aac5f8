import { type ReactNode, useState } from 'react';

/** Past this many characters a text is folded. */
const LONG = 1_500;

/** A text that may be very long: its first lines, and all of it on demand, so that what follows stays in sight. */
export const Folded = ({ text, children }: { text: string; children: ReactNode }) => {
  const [open, setOpen] = useState(false);
  if (text.length <= LONG) return children;
  return (
    <>
      <div className={open ? undefined : 'folded'}>{children}</div>
      <button type="button" className="btn ghost sm" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Show less' : `Show all ${text.length.toLocaleString('en')} characters`}
      </button>
    </>
  );
};
