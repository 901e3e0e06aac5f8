import type { Diagnostic } from '@flywheel/judges/critic/diagnostic';
import { Button } from '@flywheel/ui/button.tsx';
import { TriangleAlert } from 'lucide-react';

/** The first problem of a part in words, with what mends it where that is sure. */
export const ProblemLine = (p: {
  diagnostics: readonly Diagnostic[];
  onFix: (diagnostic: Diagnostic) => void;
  onGo: (diagnostic: Diagnostic) => void;
}) => {
  const [first] = p.diagnostics;
  if (!first) return null;
  const more = p.diagnostics.length - 1;
  return (
    <div className={`problem-line ${first.severity === 'error' ? 'bad' : 'warn'}`} role="status">
      <TriangleAlert className="i" aria-hidden="true" />
      <button type="button" className="problem-text" onClick={() => p.onGo(first)}>
        {first.message}
        {more > 0 && <span className="t2"> and {more} more</span>}
      </button>
      {first.fix && (
        <Button small keys="mod+." onClick={() => p.onFix(first)}>
          {first.fix.title}
        </Button>
      )}
    </div>
  );
};
