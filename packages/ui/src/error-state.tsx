import { TriangleAlert } from 'lucide-react';
import { Button } from './button.tsx';

/** What failed, what helps, and another try, in the place of what could not be shown. */
export const ErrorState = (p: { cause: string; remedy?: string; onRetry?: () => void }) => (
  <div className="state" role="alert">
    <p className="row">
      <TriangleAlert className="i bad" aria-hidden="true" />
      {p.cause}
    </p>
    {p.remedy && <p className="t2">{p.remedy}</p>}
    {p.onRetry && <Button onClick={p.onRetry}>Retry</Button>}
  </div>
);
