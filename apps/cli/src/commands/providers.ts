import { ProviderId, ProviderKind, ProviderSettings } from '@flywheel/domain/provider';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Common, InputError, perform, workspaceCommand } from '../perform.ts';

const providerId = (text: string): ProviderId => {
  const id = ProviderId.safeParse(text);
  if (!id.success) throw new InvalidArgumentError(id.error.issues[0]?.message ?? 'not a provider name');
  return id.data;
};
const atLeastZero = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError('It must be a number, 0 or more.');
  return value;
};

/** Base URLs that their vendors document. */
const KNOWN: Readonly<Record<string, string>> = {
  anthropic: 'https://api.anthropic.com/v1',
};

interface AddOptions extends Common {
  kind?: ProviderKind;
  baseUrl?: string;
  recording?: string;
  model?: string;
  keyEnv?: string;
  keyStdin?: boolean;
  priceInput?: number;
  priceOutput?: number;
  concurrency?: number;
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  timeout?: number;
  allowPrivate?: boolean;
}

/** The key, from where it does not show: never from the command line. */
const keyFrom = async (o: AddOptions): Promise<string | undefined> => {
  if (o.keyEnv !== undefined) {
    const key = process.env[o.keyEnv];
    if (!key) throw new InputError(`--key-env ${o.keyEnv}: there is no such variable, or it is empty.`);
    return key;
  }
  if (!o.keyStdin) return undefined;
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  if (text.trim() === '') throw new InputError('--key-stdin: nothing came on standard input.');
  return text.trim();
};

/** What the arguments say; what they leave out is as it was, in a provider of that name, or as it is by default. */
const settingsFrom = (id: ProviderId, o: AddOptions, known: ProviderSettings | null): ProviderSettings => {
  const { priceInput, priceOutput } = o;
  if ((priceInput === undefined) !== (priceOutput === undefined))
    throw new InputError('Give both --price-input and --price-output, or neither.');
  const kind = o.kind ?? known?.kind ?? 'openai';
  // Another protocol lies at another address.
  const same = known?.kind === kind ? known : null;
  const limits = {
    concurrency: o.concurrency,
    requestsPerMinute: o.requestsPerMinute,
    tokensPerMinute: o.tokensPerMinute,
    timeoutSeconds: o.timeout,
  };
  const given = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  return ProviderSettings.parse({
    id,
    kind,
    baseUrl: o.baseUrl ?? same?.baseUrl ?? KNOWN[kind] ?? null,
    recording: o.recording ?? same?.recording ?? null,
    model: o.model ?? known?.model,
    allowPrivate: o.allowPrivate ?? same?.allowPrivate,
    limits: { ...known?.limits, ...Object.fromEntries(given) },
    prices: {
      ...known?.prices,
      ...(priceInput === undefined ? {} : { '*': { input: priceInput, output: priceOutput } }),
    },
  });
};

const addAdd = (group: Command): void => {
  workspaceCommand(group, 'add', 'add an endpoint, or change the one of that name')
    .argument('<id>', 'a short name, e.g. local-vllm', providerId)
    .addOption(new Option('--kind <kind>', 'its protocol; openai when new').choices(ProviderKind.options))
    .option('--base-url <url>', 'e.g. http://127.0.0.1:8000/v1')
    .option('--recording <file>', 'for replay: a file in recordings/ of the workspace')
    .option('--model <name>', 'the model that is offered first')
    .option('--key-env <name>', 'take the key from this variable and keep it, encrypted')
    .option('--key-stdin', 'take the key from standard input and keep it, encrypted')
    .option('--price-input <usd>', 'dollars a million tokens in', atLeastZero)
    .option('--price-output <usd>', 'dollars a million tokens out', atLeastZero)
    .option('--concurrency <n>', 'calls at once, at most', Number)
    .option('--requests-per-minute <n>', 'calls a minute, at most', Number)
    .option('--tokens-per-minute <n>', 'tokens a minute, at most', Number)
    .option('--timeout <seconds>', 'longest call', Number)
    .option('--allow-private', 'allow an address of a private network')
    .option('--no-allow-private', 'allow it no longer')
    .addHelpText('after', '\nWhat is not given stays as it was in a provider of that name.')
    .action((id: ProviderId, o: AddOptions) =>
      perform(
        o,
        async ({ api }) => {
          const key = await keyFrom(o);
          const known = (await api.providers.list.query()).find((p) => p.id === id) ?? null;
          const settings = settingsFrom(id, o, known);
          return api.providers.save.mutate(key === undefined ? { settings } : { settings, key });
        },
        (p) => `${p.id}: ${p.baseUrl ?? p.recording}${p.key ? `, key for ${p.key.origin}` : ', no key'}`,
      ),
    );
};

const addList = (group: Command): void => {
  workspaceCommand(group, 'list', 'endpoints, without their keys').action((o: Common) =>
    perform(
      o,
      async ({ api }) => ({ providers: await api.providers.list.query() }),
      ({ providers }) =>
        providers
          .map((p) => {
            const key = p.key
              ? p.key.stale
                ? `key for ${p.key.origin} only: not used`
                : 'with a key'
              : 'no key';
            return `${p.id.padEnd(20)} ${p.kind.padEnd(9)} ${p.baseUrl ?? p.recording ?? ''}  ${p.model || '(no model)'}  ${key}`;
          })
          .join('\n') || 'No providers yet. `flywheel provider add --help` shows how.',
    ),
  );
};

const addTest = (group: Command): void => {
  workspaceCommand(group, 'test', 'try an endpoint from its address to an answer')
    .argument('<id>', 'its name', providerId)
    .action((id: ProviderId, o: Common) =>
      perform(
        o,
        async ({ api }) => {
          const result = await api.providers.test.mutate({ id });
          if (!result.ok) process.exitCode = 1;
          return result;
        },
        (r) =>
          r.steps
            .flatMap(({ ok, name, detail, remedy }) => [
              `${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(17)} ${detail}`,
              ...(remedy === '' ? [] : [`${' '.repeat(23)}${remedy}`]),
            ])
            .join('\n'),
      ),
    );
};

const addRemove = (group: Command): void => {
  workspaceCommand(group, 'remove', 'forget an endpoint and its key')
    .argument('<id>', 'its name', providerId)
    .action((id: ProviderId, o: Common) =>
      perform(
        o,
        async ({ api }) => ({ removed: (await api.providers.remove.mutate({ id, forget: true })).id }),
        (r) => `${r.removed} is removed.`,
      ),
    );
};

export const addProviders = (program: Command): void => {
  const group = program
    .command('provider')
    .description('endpoints that answer for models: add, list, test, remove');
  addAdd(group);
  addList(group);
  addTest(group);
  addRemove(group);
};
