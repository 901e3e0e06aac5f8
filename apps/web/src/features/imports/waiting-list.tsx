import { RotateCcw, TriangleAlert, X } from 'lucide-react';
import { percent } from '../../app/format.ts';
import { bytes } from './bytes.ts';
import { putAwayWithUndo } from './import-acts.ts';
import { openFile, retryFile, useIntake, type WaitingFile } from './intake.ts';

/** The files that are on their way in; one of them has its mapping on screen. */
export const WaitingList = () => {
  const { files, open } = useIntake();
  return (
    <ul className="waiting" aria-label="Files that are not imported yet">
      {files.map((waiting) => (
        <li key={waiting.id} aria-current={waiting.id === open || undefined}>
          <button type="button" className="waiting-name trunc" onClick={() => openFile(waiting.id)}>
            {waiting.file.name}
          </button>
          <span className="t3 fs12 num">{bytes(waiting.file.size)}</span>
          <State waiting={waiting} />
          {waiting.state === 'refused' && (
            <button
              type="button"
              className="ib"
              aria-label={`Try ${waiting.file.name} again`}
              title="Try again"
              onClick={() => retryFile(waiting.id)}
            >
              <RotateCcw className="i i14" aria-hidden="true" />
            </button>
          )}
          <button
            type="button"
            className="ib"
            aria-label={`Put ${waiting.file.name} away`}
            title="Do not import it"
            onClick={() => putAwayWithUndo([waiting])}
          >
            <X className="i i14" aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
};

const State = ({ waiting }: { waiting: WaitingFile }) => {
  const { file, sent, state } = waiting;
  switch (state) {
    case 'queued':
      return <span className="grow t3 fs12">waits</span>;
    case 'sending':
      return (
        <span className="grow row fs12">
          <progress max={file.size} value={sent} aria-label={`Sending ${file.name}`} />
          <span className="trunc">
            {bytes(Math.min(sent, file.size))} of {bytes(file.size)}, {percent(sent, file.size)}
          </span>
        </span>
      );
    case 'reading':
      return <span className="grow t2 fs12">reading its beginning</span>;
    case 'refused':
      return (
        <span className="grow row bad fs12" role="alert">
          <TriangleAlert className="i i14" aria-hidden="true" />
          {waiting.error}
        </span>
      );
    case 'ready':
      return (
        <span className="grow row fs12">
          <Fit waiting={waiting} />
        </span>
      );
  }
};

/** How well the chosen mapping fits the sample, in a few words. */
const Fit = ({ waiting: { preset, mapping, preview, previewError } }: { waiting: WaitingFile }) => {
  if (mapping === null) return <span className="warn">needs a mapping</span>;
  if (previewError !== null) return <span className="bad">its mapping is not right yet</span>;
  if (preview === null) return null;
  const name = preset === 'generic' ? 'mapped by its fields' : preset;
  if (preview.traces.length === 0) return <span className="bad">{name}: nothing fits</span>;
  const { length } = preview.rejects;
  return (
    <>
      <span className="t2">{name}</span>
      {length > 0 && (
        <span className="warn">
          {length} of the first {preview.sampled} records would be rejected
        </span>
      )}
    </>
  );
};
