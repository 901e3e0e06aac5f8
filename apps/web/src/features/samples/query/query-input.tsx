import { X } from 'lucide-react';
import { type KeyboardEvent, type Ref, useLayoutEffect, useRef, useState } from 'react';
import { complete } from './completions.ts';
import { chipsOf, segmentsOf } from './segments.ts';
import { useCompletions } from './use-completions.ts';

interface QueryInputProps {
  draft: string;
  onDraft: (text: string) => void;
  onCommit: (text: string) => void;
  onFocus: (focused: boolean) => void;
  invalid: boolean;
  /** Show filters as chips that can be taken out one by one. */
  chips: boolean;
  ref: Ref<HTMLInputElement>;
}

/** The field itself: colours what is typed, offers completions at the caret, shows filters as chips while it has no focus. */
export const QueryInput = ({ ref, ...p }: QueryInputProps) => {
  const input = useRef<HTMLInputElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  /** Where the caret is to stand after the next render. */
  const placing = useRef<number | null>(null);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const { context, options } = useCompletions(p.draft, caret, open);

  const choose = (index: number) => {
    const option = options[index];
    if (!context || !option) return;
    const next = complete(p.draft, context, option.insert);
    p.onDraft(next.text);
    setActive(-1);
    setCaret(next.caret);
    placing.current = next.caret;
  };
  // The caret can be set once React has put the text in, and not a frame later: a letter may have been typed by then.
  useLayoutEffect(() => {
    if (placing.current !== null) input.current?.setSelectionRange(placing.current, placing.current);
    placing.current = null;
  });
  const onKey = (e: KeyboardEvent<HTMLInputElement>) => {
    const showing = open && options.length > 0;
    if (showing && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
      e.preventDefault();
      const by = e.key === 'ArrowDown' ? 1 : -1;
      setActive((active + by + options.length + (active < 0 && by < 0 ? 1 : 0)) % options.length);
    } else if (showing && (e.key === 'Tab' || (e.key === 'Enter' && active >= 0))) {
      e.preventDefault();
      choose(Math.max(0, active));
    } else if (e.key === 'Enter') {
      setOpen(false);
      p.onCommit(p.draft);
    } else if (e.key === 'Escape') {
      if (showing) setOpen(false);
      else input.current?.blur();
    }
  };
  return (
    <div className="query-field mono">
      <input
        ref={(el) => {
          input.current = el;
          if (typeof ref === 'function') ref(el);
          else if (ref) ref.current = el;
        }}
        className="mono"
        data-chips={p.chips || undefined}
        role="combobox"
        aria-label="Query"
        aria-expanded={open && options.length > 0}
        aria-controls="query-options"
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `query-option-${active}` : undefined}
        aria-invalid={p.invalid}
        placeholder='outcome:wrong steps:2..9 "how many"'
        value={p.draft}
        spellCheck={false}
        autoComplete="off"
        onChange={(e) => {
          p.onDraft(e.target.value);
          setCaret(e.target.selectionStart ?? e.target.value.length);
          setActive(-1);
          setOpen(true);
        }}
        onSelect={(e) => setCaret(e.currentTarget.selectionStart ?? 0)}
        onScroll={(e) => {
          if (layer.current) layer.current.scrollLeft = e.currentTarget.scrollLeft;
        }}
        onKeyDown={onKey}
        onFocus={() => {
          p.onFocus(true);
          setOpen(true);
        }}
        onBlur={() => {
          p.onFocus(false);
          setOpen(false);
          p.onCommit(p.draft);
        }}
      />
      {p.chips ? (
        <div className="query-chips">
          {chipsOf(p.draft).map((chip) =>
            chip.field === null ? (
              <span key={chip.text} className="trunc">
                {chip.text}
              </span>
            ) : (
              <span key={chip.text} className="tok">
                <span>{chip.field}:</span>
                <b className="trunc">{chip.value}</b>
                <button
                  type="button"
                  aria-label={`Remove ${chip.text}`}
                  onClick={() => p.onCommit(chip.rest)}
                >
                  <X className="i i12" aria-hidden="true" />
                </button>
              </span>
            ),
          )}
        </div>
      ) : (
        <div ref={layer} className="query-layer" aria-hidden="true">
          {segmentsOf(p.draft).map((s) => (
            <span key={s.start} data-kind={s.kind} data-error={s.error || undefined}>
              {s.text}
            </span>
          ))}
        </div>
      )}
      <div className="pop query-options" hidden={!open || options.length === 0}>
        <div id="query-options" role="listbox" aria-label="Completions">
          {options.map((o, i) => (
            <div
              key={o.label}
              id={`query-option-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              onPointerDown={(e) => {
                // Keeps the focus in the field, so that leaving it does not commit a half query.
                e.preventDefault();
                choose(i);
              }}
            >
              <span className="mono trunc">{o.label}</span>
              <span className="t3 fs11">{o.note}</span>
            </div>
          ))}
        </div>
        <p className="fs11 t3">
          <span className="kbd">Tab</span> take <span className="kbd">Enter</span> run
        </p>
      </div>
    </div>
  );
};
