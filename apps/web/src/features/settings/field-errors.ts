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

/** Why the server did not do it; the browser's own words for one that is away say nothing to people. */
export const reason = (error: unknown): string => {
  const said = error instanceof Error ? error.message : String(error);
  return /^(Failed to fetch|NetworkError|Load failed)/.test(said)
    ? 'The server does not answer. Look whether it still runs; what you entered stays here.'
    : said;
};
