/** How an opened trace is shown. */
export const VIEWS = ['steps', 'compare', 'raw'] as const;
export type View = (typeof VIEWS)[number];
