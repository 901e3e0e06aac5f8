import type { ReactNode } from 'react';

/** One key cap. */
export const Kbd = ({ children }: { children: ReactNode }) => <kbd className="kbd">{children}</kbd>;
