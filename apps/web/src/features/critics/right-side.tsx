import type { CriticBody, CriticId } from '@flywheel/domain/critic';
import type { TraceDetail } from '@flywheel/domain/trace';
import { Button } from '@flywheel/ui/button.tsx';
import { CalibrationStrip } from './calibration-strip.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { ResponsePane } from './response-pane.tsx';
import type { Try } from './tries.ts';
import type { Preview, PreviewFailure } from './use-sample.ts';

const SIDES = ['preview', 'response'] as const;
export type Side = (typeof SIDES)[number];

/** The right side: the prompt of the chosen trace or the answer about it, above the figures of what is open. */
export const RightSide = (p: {
  critic: CriticId;
  /** Versions whose figures are shown: the open one, or the two that are marked. */
  figured: readonly number[];
  side: Side;
  onSide: (side: Side) => void;
  preview: Preview | null;
  failure: PreviewFailure | null;
  trace: TraceDetail | null;
  tried: Try | undefined;
  stale: string | null;
  body: CriticBody;
  /** Whether asking again is possible now. */
  askable: boolean;
  onAskAgain: () => void;
}) => (
  <div className="group critic-right">
    <div role="tablist" aria-label="Prompt and answer" className="part-tabs row-tabs">
      {SIDES.map((side) => (
        <button
          key={side}
          type="button"
          role="tab"
          aria-selected={p.side === side}
          onClick={() => p.onSide(side)}
        >
          {side === 'preview' ? 'Preview' : 'Response'}
        </button>
      ))}
      <span className="grow" />
      {p.side === 'response' && (
        <Button
          small
          disabled={!p.askable}
          title="Asks about all pinned traces again, past the cache"
          onClick={p.onAskAgain}
        >
          Ask again
        </Button>
      )}
    </div>
    {p.side === 'preview' ? (
      <PreviewPane
        preview={p.preview}
        failure={p.failure}
        empty={p.trace ? 'Rendering…' : 'The prompt of a pinned trace appears here.'}
      />
    ) : (
      <ResponsePane tried={p.tried} stale={p.stale} trace={p.trace} body={p.body} />
    )}
    <CalibrationStrip critic={p.critic} versions={p.figured} />
  </div>
);
