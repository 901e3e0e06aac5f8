import { Kbd } from '@flywheel/ui/kbd.tsx';
import { useEffect, useRef, useState } from 'react';
import { fieldCommandOf } from './keymap.ts';
import { useFlip } from './use-flip.ts';

export interface TextPanelProps {
  title: string;
  value: string;
  /** The word on the button that keeps the text. */
  keepLabel: string;
  mono?: boolean;
  maxLength: number;
  onKeep: (text: string) => void;
  onClose: () => void;
  /** Shown as a third button, e.g. to drop a correction. */
  onClear?: (() => void) | undefined;
}

/** A small text editor over the steps: mod+Enter keeps, Esc leaves, every other key types. */
export const TextPanel = (p: TextPanelProps) => {
  const [text, setText] = useState(p.value);
  const field = useRef<HTMLTextAreaElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useFlip(box);
  useEffect(() => {
    const before = document.activeElement;
    field.current?.focus();
    field.current?.select();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <div ref={box} className="rv-pop rv-text">
      <div className="head">
        <span className="grow">{p.title}</span>
        <Kbd keys="Escape" />
      </div>
      <textarea
        ref={field}
        aria-label={p.title}
        className={p.mono ? 'mono' : undefined}
        rows={4}
        value={text}
        maxLength={p.maxLength}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          const command = fieldCommandOf(event);
          event.stopPropagation();
          if (command === null) return;
          event.preventDefault();
          if (command === 'keep') p.onKeep(text);
          else p.onClose();
        }}
      />
      <div className="foot">
        {p.onClear && (
          <button type="button" className="btn" onClick={p.onClear}>
            Drop
          </button>
        )}
        <span className="grow" />
        <button type="button" className="btn primary" onClick={() => p.onKeep(text)}>
          {p.keepLabel} <Kbd keys="mod+Enter" />
        </button>
      </div>
    </div>
  );
};
