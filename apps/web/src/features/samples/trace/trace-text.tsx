import type { Evidence } from '@flywheel/domain/judgement';
import { lazy, Suspense } from 'react';
import { Verbatim } from './verbatim.tsx';

const Rendered = lazy(() => import('./rendered.tsx'));

/** Past this many characters a text stays verbatim: Markdown would hold the page up. */
const RENDERED_UP_TO = 20_000;

/** A text of a trace, verbatim unless the reader switched to rendered. */
export const TraceText = (p: { text: string; rendered: boolean; evidence?: readonly Evidence[] }) =>
  p.rendered && p.text.length <= RENDERED_UP_TO ? (
    <Suspense fallback={<Verbatim text={p.text} />}>
      <Rendered text={p.text} />
    </Suspense>
  ) : (
    <Verbatim text={p.text} evidence={p.evidence ?? []} />
  );
