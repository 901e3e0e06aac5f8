import { Button } from '@flywheel/ui/button.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useKeys } from '../../app/keys.ts';
import { FilePicker } from './file-picker.tsx';
import { History } from './history.tsx';
import { putAwayWithUndo, startImports } from './import-acts.ts';
import './imports.css';
import { setMapping, useIntake, type WaitingFile } from './intake.ts';
import { MappingPane } from './mapping-pane.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { WaitingList } from './waiting-list.tsx';

const fits = (f: WaitingFile): boolean =>
  f.state === 'ready' && f.mapping !== null && f.previewError === null && (f.preview?.traces.length ?? 0) > 0;

/** Brings files in: sent, recognised, mapped with a live preview, imported as runs that can be cancelled and undone. */
export const ImportPage = () => {
  const { files, open } = useIntake();
  const waiting = files.find((f) => f.id === open);
  return (
    <div className="imports group">
      <header className="ph">
        <h2>Import</h2>
        <span className="t3 trunc">JSON Lines, JSON, CSV and Parquet, also as gz or zst</span>
        <span className="grow" />
        <FilePicker>Choose files</FilePicker>
      </header>
      {files.length === 0 ? (
        <p className="import-drop t2">
          Drop files anywhere in this window. GSM8K solutions, BIG-Bench-Mistake, PRM800K, ProcessBench and
          chat messages are recognised; other files are mapped field by field.
        </p>
      ) : (
        <>
          <WaitingList />
          {waiting?.state === 'ready' && (
            <div className="import-work">
              <section className="pane map-pane" aria-label={`Mapping of ${waiting.file.name}`}>
                <MappingPane key={waiting.id} waiting={waiting} />
              </section>
              <section
                className="pane preview-pane"
                aria-label={`Preview of ${waiting.file.name}`}
                tabIndex={0}
              >
                <PreviewPane key={waiting.id} waiting={waiting} />
              </section>
            </div>
          )}
          <Acts files={files} waiting={waiting} />
        </>
      )}
      {waiting?.state !== 'ready' && <History />}
    </div>
  );
};

const Acts = ({ files, waiting }: { files: readonly WaitingFile[]; waiting: WaitingFile | undefined }) => {
  const queries = useQueryClient();
  const [verify, setVerify] = useState(true);
  const [starting, setStarting] = useState(false);
  const ready = files.filter(fits);
  const arriving = files.some((f) => f.state !== 'ready' && f.state !== 'refused');
  const alike = files.filter((f) => f !== waiting && f.state === 'ready');
  const start = async (): Promise<void> => {
    if (starting || ready.length === 0) return;
    setStarting(true);
    await startImports(ready, verify, queries);
    setStarting(false);
  };
  useKeys('import', [{ key: 'mod+Enter', label: 'import the files that fit', run: () => void start() }]);
  return (
    <footer className="import-bar">
      <Button
        primary
        keys="mod+Enter"
        disabled={starting || ready.length === 0}
        {...(ready.length === 0 && {
          title: arriving ? 'The file is still on its way' : 'No file has a mapping that fits its records',
        })}
        onClick={() => void start()}
      >
        {ready.length > 1 ? `Import ${ready.length} files` : 'Import'}
      </Button>
      <label className="row">
        <input type="checkbox" checked={verify} onChange={({ target }) => setVerify(target.checked)} />
        Run verifiers after import
      </label>
      <span className="grow" />
      {waiting?.mapping && alike.length > 0 && (
        <Button
          title="Every waiting file takes this mapping"
          onClick={() => {
            for (const f of alike) if (waiting.mapping) setMapping(f.id, waiting.mapping, waiting.preset);
          }}
        >
          Use this mapping for all
        </Button>
      )}
      <Button onClick={() => putAwayWithUndo(files)}>{files.length > 1 ? 'Put all away' : 'Put away'}</Button>
    </footer>
  );
};
