import type { ReactNode } from 'react';

/** One sentence and what to do next, where the first row would be. */
export const EmptyState = ({ text, children }: { text: string; children?: ReactNode }) => (
  <div className="state">
    <p>{text}</p>
    {children}
  </div>
);
