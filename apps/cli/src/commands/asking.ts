import type { CriticId } from '@flywheel/domain/critic';
import { Budget } from '@flywheel/domain/critique';
import type { ProviderId } from '@flywheel/domain/provider';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Connection } from '../connect.ts';
import { type Common, InputError } from '../perform.ts';
import { QUERY_HELP } from './slice.ts';

/** Options of every command that asks a critic. */
export interface AskOptions extends Common {
  slice: string;
  provider?: string;
  model?: string;
  version?: number;
  concurrency?: number;
  priority: 'low' | 'normal' | 'high';
  budgetTokens?: number;
  budgetMoney?: number;
  budgetMinutes?: number;
}

export const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
};

/** Where to ask, and how much of it. */
export const withAsking = (command: Command): Command =>
  command
    .option('--provider <id>', 'where to ask; may be left out when there is one')
    .option('--model <name>', 'default: the first model of the provider')
    .option('--concurrency <n>', 'calls at once, at most', positive)
    .addOption(
      new Option('--priority <p>', 'turns at the provider')
        .choices(['low', 'normal', 'high'])
        .default('normal'),
    )
    .option('--budget-tokens <n>', 'stop before more tokens are used', positive)
    .option('--budget-money <usd>', 'stop before more is spent', positive)
    .option('--budget-minutes <n>', 'stop after so long', positive)
    .addHelpText(
      'after',
      `\n<critic> is a name such as first-error (its newest version), or first-error@7.\n\n${QUERY_HELP}`,
    );

/** `critic`, or `critic@version`. */
const named = (text: string): { critic: CriticId; version: number | null } => {
  const match = /^([a-z0-9][a-z0-9-]{0,39})(?:@(\d+))?$/.exec(text);
  if (!match)
    throw new InputError(
      `"${text}" is no critic. Write a name such as first-error, or first-error@7 for a version.`,
    );
  return { critic: match[1] as CriticId, version: match[2] ? Number(match[2]) : null };
};

/** What the arguments ask for; what is left out is the newest version, the only provider, its first model. */
export const askedOf = async ({ api }: Connection, text: string, o: AskOptions) => {
  const { critic, version } = named(text);
  const { versions } = await api.critics.get.query({ critic });
  const providers = await api.providers.list.query();
  const provider = o.provider ? providers.find((p) => p.id === o.provider) : providers[0];
  if (!provider)
    throw new InputError(
      o.provider
        ? `There is no provider ${o.provider}. \`flywheel provider list\` lists them.`
        : 'There is no provider yet. Add one: flywheel provider add --help',
    );
  if (!o.provider && providers.length > 1)
    throw new InputError(
      `Name one of the providers with --provider: ${providers.map((p) => p.id).join(', ')}.`,
    );
  const model = o.model ?? provider.model;
  if (!model) throw new InputError(`Provider ${provider.id} has no first model: name one with --model.`);
  return {
    critic,
    version: version ?? o.version ?? versions[0]?.number ?? 1,
    provider: provider.id as ProviderId,
    model,
    query: o.slice,
    concurrency: o.concurrency ?? null,
    priority: o.priority,
    budget: Budget.parse({
      tokens: o.budgetTokens ?? null,
      money: o.budgetMoney ?? null,
      minutes: o.budgetMinutes ?? null,
    }),
  };
};
