const WORDS = { pinned: 'Pinned traces', compare: 'Compare runs', suites: 'Robustness, Improve' } as const;
export type Bottom = keyof typeof WORDS;
const BOTTOMS = Object.keys(WORDS) as Bottom[];

/** What stands under the editor. */
export const BottomTabs = (p: { bottom: Bottom; onBottom: (bottom: Bottom) => void }) => (
  <div role="tablist" aria-label="Pinned traces and comparison" className="part-tabs">
    {BOTTOMS.map((bottom) => (
      <button
        key={bottom}
        type="button"
        role="tab"
        aria-selected={p.bottom === bottom}
        onClick={() => p.onBottom(bottom)}
      >
        {WORDS[bottom]}
      </button>
    ))}
  </div>
);
