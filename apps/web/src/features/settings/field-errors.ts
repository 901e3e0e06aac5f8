import type { ProviderSettings } from '@flywheel/domain/provider';

/** Where the form shows what the server refused; `form`: at none of its fields. */
export type FieldErrors = Readonly<Record<string, string>>;

const FIELD = /^(?:settings\.)?(id|baseUrl|recording|model|key|limits\.\w+|prices(?:\.[^:]*)?): (.*)$/s;

/** A refusal by fields: the server writes `baseUrl: what is wrong`, one field a line. */
export const fieldErrors = (message: string): FieldErrors => {
  const errors: Record<string, string> = {};
  for (const line of message.split('\n')) {
    const [, named = '', said = line] = FIELD.exec(line) ?? [];
    const field = named.startsWith('prices') ? 'prices' : named || 'form';
    errors[field] = errors[field] === undefined ? said : `${errors[field]} ${said}`;
  }
  return errors;
};

/** What was sent, or stands there now. */
interface Entered {
  settings: ProviderSettings;
  key: string | null | undefined;
}

/** A refusal without the fields that were changed since: what was refused there is not there any more. */
export const stillRefused = (refused: FieldErrors, sent: Entered, now: Entered): FieldErrors =>
  Object.fromEntries(
    Object.entries(refused).filter(
      ([field]) => JSON.stringify(valueOf(field, sent)) === JSON.stringify(valueOf(field, now)),
    ),
  );

const valueOf = (field: string, { settings, key }: Entered): unknown => {
  const { baseUrl, allowPrivate, kind, limits } = settings;
  const [part, limit] = field.split('.');
  if (field === 'form') return [settings, key];
  if (field === 'key') return key;
  // Whether an address may be reached depends on more than itself.
  if (field === 'baseUrl') return [baseUrl, allowPrivate, kind];
  return part === 'limits' ? limits[limit as keyof typeof limits] : settings[field as keyof ProviderSettings];
};

/** Why the server did not do it; the browser's own words for one that is away say nothing to people. */
export const reason = (error: unknown): string => {
  const said = error instanceof Error ? error.message : String(error);
  return /^(Failed to fetch|NetworkError|Load failed)/.test(said)
    ? 'The server does not answer. Look whether it still runs; what you entered stays here.'
    : said;
};
