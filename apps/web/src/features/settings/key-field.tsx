import type { Provider } from '@flywheel/domain/provider';
import { Button } from '@flywheel/ui/button.tsx';

const originOf = (url: string | null): string | null => {
  try {
    return url === null ? null : new URL(url).origin;
  } catch {
    return null;
  }
};

/** The key of a provider: it goes in, and is never shown. `value` undefined leaves what is saved, null removes it. */
export const KeyField = (p: {
  provider: Provider;
  baseUrl: string | null;
  value: string | null | undefined;
  problem: string;
  onChange: (value: string | null | undefined) => void;
}) => {
  const { key } = p.provider;
  const origin = originOf(p.baseUrl);
  const moved = key?.source === 'saved' && origin !== null && key.origin !== origin;
  const note =
    p.value === null
      ? 'The saved key will be removed.'
      : moved
        ? `The saved key is for ${key.origin} and is not sent to ${origin}. Enter the key for this address.`
        : key?.source === 'saved'
          ? `A key is saved for ${key.origin}.`
          : key?.source === 'environment'
            ? 'The key comes from the environment of the server.'
            : 'No key is sent.';
  return (
    <fieldset>
      <legend>Key</legend>
      <label className="wide">
        {key?.source === 'saved' ? 'Replace the key' : 'Key, if the endpoint needs one'}
        <input
          className="field mono"
          type="password"
          autoComplete="off"
          value={p.value ?? ''}
          placeholder={key?.source === 'saved' && !moved ? 'saved, and not shown' : 'none'}
          aria-invalid={p.problem !== ''}
          aria-describedby={p.problem === '' ? 'key-note' : 'key-problem key-note'}
          onChange={(e) => p.onChange(e.target.value === '' ? undefined : e.target.value)}
        />
      </label>
      {p.problem !== '' && (
        <p id="key-problem" className="bad wide" role="alert">
          {p.problem}
        </p>
      )}
      <p id="key-note" className={`wide ${moved ? 'warn' : 't2'}`}>
        {note} What you enter is kept encrypted on the server, and sent to {origin ?? 'the address above'}{' '}
        only.
      </p>
      {key?.source === 'saved' && p.value === undefined && (
        <div className="wide">
          <Button small onClick={() => p.onChange(null)}>
            Remove the saved key
          </Button>
        </div>
      )}
    </fieldset>
  );
};
