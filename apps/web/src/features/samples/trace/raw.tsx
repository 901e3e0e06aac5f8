import type { TraceDetail } from '@flywheel/domain/trace';
import { Copy } from 'lucide-react';
import { toast } from '../../../app/toasts.ts';

/** Everything that the workspace holds of a trace, as JSON. */
export const Raw = ({ trace }: { trace: TraceDetail }) => {
  const { siblings: _, ...own } = trace;
  const text = JSON.stringify(own, null, 2);
  return (
    <section className="raw" aria-label="Raw JSON">
      <button
        type="button"
        className="btn sm"
        onClick={() =>
          void navigator.clipboard.writeText(text).then(
            () => toast({ text: 'Copied the trace as JSON' }),
            () => toast({ text: 'The browser did not allow copying; select the text instead' }),
          )
        }
      >
        <Copy className="i i12" aria-hidden="true" /> Copy
      </button>
      <pre className="verbatim mono">{text}</pre>
    </section>
  );
};
