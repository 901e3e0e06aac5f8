import { Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import { showRoom } from '../../app/tabs.ts';
import { takeFiles } from './intake.ts';
import './imports.css';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Names of the folders among what is dropped: they arrive as files that cannot be read. */
const foldersOf = (items: DataTransferItemList): ReadonlySet<string> =>
  new Set(
    [...items].flatMap((item) => {
      const entry = item.webkitGetAsEntry();
      return entry?.isDirectory ? [entry.name] : [];
    }),
  );

/** Files dropped anywhere in the window go to the Import room. Mounted once, in the shell. */
export const DropVeil = () => {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    const on = (
      name: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
      act: (event: DragEvent) => void,
    ): void =>
      window.addEventListener(
        name,
        (event) => {
          if (hasFiles(event)) act(event);
        },
        // Before the dock, which has drops of its own.
        { signal: controller.signal, capture: true },
      );
    const accept = (event: DragEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    on('dragenter', accept);
    on('dragover', accept);
    // Without a related target the pointer has left the window, not one element for another.
    on('dragleave', (event) => event.relatedTarget === null && setOver(false));
    on('drop', (event) => {
      event.preventDefault();
      event.stopPropagation();
      setOver(false);
      if (!event.dataTransfer) return;
      takeFiles([...event.dataTransfer.files], foldersOf(event.dataTransfer.items));
      showRoom('import');
    });
    return () => controller.abort();
  }, []);
  return (
    over && (
      <div className="drop-veil" role="status">
        <p>
          <Upload className="i" aria-hidden="true" /> Drop the files to import them
        </p>
      </div>
    )
  );
};
