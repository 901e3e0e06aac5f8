import { Mapping } from '@flywheel/interchange/mapping';
import { useRef, useState } from 'react';
import { z } from 'zod';

/** The mapping as the file that `flywheel import --map` takes: shown, saved, loaded. */
export const MappingJson = (p: {
  mapping: Mapping | null;
  name: string;
  onMapping: (mapping: Mapping) => void;
}) => {
  const chooser = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const load = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const read = readMapping(await file.text());
    setRefused('refused' in read ? `${file.name}: ${read.refused}` : null);
    if ('mapping' in read) p.onMapping(read.mapping);
  };
  return (
    <section className="map-json" aria-label="Mapping file">
      <div className="row">
        {p.mapping && (
          <button type="button" className="btn sm" onClick={() => save(p.mapping as Mapping, p.name)}>
            Save mapping
          </button>
        )}
        <button type="button" className="btn sm" onClick={() => chooser.current?.click()}>
          Load mapping
        </button>
        <input
          ref={chooser}
          type="file"
          accept=".json,application/json"
          hidden
          aria-label="Mapping file to load"
          onChange={(event) => {
            void load(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      {refused !== null && (
        <p className="bad fs12 map-refused" role="alert">
          {refused}
        </p>
      )}
      {p.mapping && (
        <details>
          <summary className="t2 fs12">Mapping as JSON, for `flywheel import --map`</summary>
          <pre className="mono" tabIndex={0} aria-label="Mapping as JSON">
            {JSON.stringify(p.mapping, null, 2)}
          </pre>
        </details>
      )}
    </section>
  );
};

const readMapping = (text: string): { mapping: Mapping } | { refused: string } => {
  try {
    const checked = Mapping.safeParse(JSON.parse(text));
    return checked.success ? { mapping: checked.data } : { refused: z.prettifyError(checked.error) };
  } catch (error) {
    return { refused: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
};

const save = (mapping: Mapping, name: string): void => {
  const url = URL.createObjectURL(
    new Blob([`${JSON.stringify(mapping, null, 2)}\n`], { type: 'application/json' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replace(/\..*$/, '') || 'import'}.mapping.json`;
  link.click();
  URL.revokeObjectURL(url);
};
