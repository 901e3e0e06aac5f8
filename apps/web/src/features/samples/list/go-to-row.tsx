import { useState } from 'react';

/** "row 12 of 859", where the number can be typed. */
export const GoToRow = (p: { index: number | null; total: number; onGo: (index: number) => void }) => {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <form
      className="row fs12 t2 go-to-row"
      onSubmit={(e) => {
        e.preventDefault();
        const at = Number(typed);
        if (Number.isInteger(at) && at >= 1) p.onGo(at - 1);
        setTyped(null);
      }}
    >
      <label className="row">
        row
        <input
          className="field mono"
          inputMode="numeric"
          aria-label="Go to row"
          value={typed ?? (p.index === null ? '' : String(p.index + 1))}
          placeholder="–"
          onChange={(e) => setTyped(e.target.value.replace(/\D/g, ''))}
          onBlur={() => setTyped(null)}
        />
      </label>
      of {p.total.toLocaleString('en')}
    </form>
  );
};
