import { useRef } from 'react';
import { takeFiles } from './intake.ts';

/** The button that opens the system's file dialog. */
export const FilePicker = ({ children, primary }: { children: string; primary?: boolean }) => {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className={primary ? 'btn primary' : 'btn sm'}
        onClick={() => chooser.current?.click()}
      >
        {children}
      </button>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label="Files to import"
        onChange={(event) => {
          takeFiles([...(event.target.files ?? [])]);
          // The same file chosen again is a choice too.
          event.target.value = '';
        }}
      />
    </>
  );
};
