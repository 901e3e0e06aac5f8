import { Button } from '@flywheel/ui/button.tsx';
import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { showRoom } from '../app/tabs.ts';

/** Stands where tabs would be when all are closed. */
export const DockEmpty = () => (
  <EmptyState text="No tab is open.">
    <Button keys="g s" primary onClick={() => showRoom('samples')}>
      Open Samples
    </Button>
  </EmptyState>
);
