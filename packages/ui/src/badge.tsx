import type { ReactNode } from 'react';

/** A small bordered word. `dashed`: a program or a model says so, no person has confirmed it. */
export const Badge = (p: {
  children: ReactNode;
  tone?: 'plain' | 'good' | 'bad' | 'warn' | 'acc';
  dashed?: boolean;
  title?: string;
}) => (
  <span
    className={['tag', p.tone !== 'plain' && p.tone, p.dashed && 'ai'].filter(Boolean).join(' ')}
    title={p.title}
  >
    {p.children}
  </span>
);
