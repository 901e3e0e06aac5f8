/** Key caps, one a key: `mod+Enter` is two. `mod` is printed as this machine's keyboard has it. */
export const Kbd = ({ keys }: { keys: string }) => (
  <span className="kbds">
    {parts(keys).map((key) => (
      <kbd className="kbd" key={key}>
        {CAPS[key] ?? key}
      </kbd>
    ))}
  </span>
);

const parts = (keys: string): string[] => (keys === '+' ? ['+'] : keys.split(/[+ ]/));

const apple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

const CAPS: Readonly<Record<string, string>> = {
  mod: apple ? '⌘' : 'Ctrl',
  shift: 'Shift',
  alt: apple ? '⌥' : 'Alt',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};
