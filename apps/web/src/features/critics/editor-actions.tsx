import type { Provider } from '@flywheel/domain/provider';
import { Button } from '@flywheel/ui/button.tsx';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Where } from './model-picker.tsx';
import { WhereToAsk } from './where-to-ask.tsx';

/** What can be done with the text in the editor: choose where to ask, save or restore, launch, run on pinned. */
export const EditorActions = (p: {
  providers: UseQueryResult<Provider[]>;
  where: Where;
  onWhere: (where: Where) => void;
  /** The version that is shown, or that the draft would be beside. */
  version: number;
  /** Number of the next version. */
  next: number;
  /** Whether a saved version is looked at, which can only be read. */
  looking: boolean;
  unsaved: boolean;
  asking: boolean;
  /** Why nothing can be asked; '' when it can. */
  notReady: string;
  onRestore: () => void;
  onSave: () => void;
  onLaunch: () => void;
  onRun: () => void;
  onStop: () => void;
}) => {
  const anyone = (p.providers.data ?? []).length > 0;
  return (
    <>
      <WhereToAsk providers={p.providers} where={p.where} onChange={p.onWhere} />
      {p.looking ? (
        <Button title="Makes this version the draft; every version stays" onClick={p.onRestore}>
          Restore v{p.version}
        </Button>
      ) : (
        <Button
          keys="mod+s"
          disabled={!p.unsaved}
          title={p.unsaved ? '' : 'Nothing has changed'}
          onClick={p.onSave}
        >
          Save as v{p.next}
        </Button>
      )}
      <Button
        disabled={!anyone}
        title={anyone ? `Ask v${p.version} about a slice` : 'Add a provider in Settings first'}
        onClick={p.onLaunch}
      >
        Launch v{p.version}
      </Button>
      {p.asking ? (
        <Button primary onClick={p.onStop}>
          Stop
        </Button>
      ) : (
        <Button primary keys="mod+Enter" disabled={p.notReady !== ''} title={p.notReady} onClick={p.onRun}>
          Run pinned
        </Button>
      )}
    </>
  );
};
