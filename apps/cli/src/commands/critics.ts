import { readFile } from 'node:fs/promises';
import { CriticBody, CriticId } from '@flywheel/domain/critic';
import type { RunId } from '@flywheel/domain/ids';
import { type Command, InvalidArgumentError } from 'commander';
import { type Common, InputError, perform, workspaceCommand } from '../perform.ts';
import { comparisonText } from './comparison.ts';
import { addCriticExport, saveFromFile } from './critic-files.ts';
import { addCriticSuites } from './critic-suites.ts';
import { addCritiqueStart } from './critique-start.ts';

const critic = (text: string): CriticId => {
  const id = CriticId.safeParse(text);
  if (!id.success) throw new InvalidArgumentError('A critic is named in small letters, digits and hyphens.');
  return id.data;
};

const read = async (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: unknown) => {
    throw new InputError(`${file} cannot be read. Check the path.`, { cause });
  });

const readJson = async (file: string): Promise<unknown> => {
  try {
    return JSON.parse(await read(file));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${file} is no JSON (${(cause as Error).message}).`, { cause });
  }
};

const addList = (group: Command): void => {
  workspaceCommand(group, 'list', 'critics, the most recently changed first').action((o: Common) =>
    perform(
      o,
      async ({ api }) => ({ critics: await api.critics.list.query() }),
      ({ critics }) =>
        critics
          .map(
            (c) =>
              `${c.id.padEnd(24)} ${`v${c.versions}`.padStart(5)}  ${c.title}${c.archived ? ' (archived)' : ''}`,
          )
          .join('\n') || 'No critics yet. `flywheel critic save NAME` makes one.',
    ),
  );
};

const addShow = (group: Command): void => {
  workspaceCommand(group, 'show', 'the versions of a critic, and one of them whole')
    .argument('<critic>', 'its name', critic)
    .option('--version <n>', 'default: the newest', Number)
    .action((id: CriticId, o: Common & { version?: number }) =>
      perform(
        o,
        async ({ api }) => {
          const { versions, ...rest } = await api.critics.get.query({ critic: id });
          const version = o.version ? versions.find((v) => v.number === o.version) : versions[0];
          if (!version)
            throw new InputError(`${id} has no version ${o.version}: it has 1 to ${versions.length}.`);
          return { critic: id, version, versions: versions.map((v) => v.number), ...rest };
        },
        ({ version }) =>
          `${id} v${version.number} ${version.hash} ${version.title}\n\n--- system\n${version.system}\n--- user\n${version.user}`,
      ),
    );
};

interface SaveOptions extends Common {
  user?: string;
  system?: string;
  schema?: string;
  body?: string;
  starter?: string;
  from?: string;
  title: string;
  temperature?: number;
  maxTokens?: number;
  examples?: number;
}

const addSave = (group: Command): void => {
  workspaceCommand(
    group,
    'save',
    'keep a prompt as a version; parts that are not given are those of the newest version',
  )
    .argument('<critic>', 'its name', critic)
    .option('--user <file>', 'user template (Jinja)')
    .option('--system <file>', 'system template (Jinja)')
    .option('--schema <file>', 'JSON Schema of the answer')
    .option('--body <file>', 'a whole version as JSON, as `critic show --json` prints it')
    .option('--from <file>', 'all versions of a file that `critic export` wrote')
    .option('--starter <id>', 'begin from: first-error, recompute or with-examples')
    .option('--title <text>', 'what is new in it', 'from the command line')
    .option('--temperature <t>', '0 to 2', Number)
    .option('--max-tokens <n>', 'longest answer', Number)
    .option('--examples <n>', 'few-shot examples from gold', Number)
    .action((id: CriticId, o: SaveOptions) =>
      perform(
        o,
        async (connection) => {
          const { api } = connection;
          const known = (await api.critics.list.query()).some((c) => c.id === id);
          if (o.from !== undefined) {
            const saved = await saveFromFile(connection, id, o.from, await readJson(o.from));
            return { critic: id, version: saved.number, hash: saved.hash, isNew: !known };
          }
          const newest = known ? (await api.critics.get.query({ critic: id })).versions[0] : undefined;
          const starters = await api.critics.starters.query();
          const starter = starters.find((s) => s.id === (o.starter ?? 'first-error'));
          if (!starter)
            throw new InputError(
              `There is no starter ${o.starter}: choose ${starters.map((s) => s.id).join(', ')}.`,
            );
          const base = CriticBody.parse(
            o.body ? await readJson(o.body) : o.starter ? starter.body : (newest ?? starter.body),
          );
          const { temperature, maxTokens } = o;
          const body = CriticBody.parse({
            system: o.system ? await read(o.system) : base.system,
            user: o.user ? await read(o.user) : base.user,
            schema: o.schema ? await readJson(o.schema) : base.schema,
            params: {
              ...base.params,
              ...(temperature === undefined ? {} : { temperature }),
              ...(maxTokens === undefined ? {} : { maxTokens }),
            },
            examples: { ...base.examples, ...(o.examples === undefined ? {} : { n: o.examples }) },
          });
          const saved = await api.critics.save.mutate({
            critic: id,
            body,
            title: o.title,
            parent: newest?.number ?? null,
          });
          return {
            critic: id,
            version: saved.number,
            hash: saved.hash,
            isNew: saved.number !== newest?.number,
          };
        },
        (r) => `${r.critic} v${r.version} ${r.hash}${r.isNew ? '' : ' (was there already)'}`,
      ),
    );
};

const addCompare = (group: Command): void => {
  const run = (text: string): RunId => Number(text) as RunId;
  workspaceCommand(group, 'compare', 'two runs of critics on the traces that both judged, against gold')
    .argument('<run-a>', 'number of a run', run)
    .argument('<run-b>', 'number of another', run)
    .option('--split <name>', 'train, dev, test or all gold', 'dev')
    .action((a: RunId, b: RunId, o: Common & { split: string }) =>
      perform(o, ({ api }) => api.critics.compare.query({ a, b, split: o.split as 'dev' }), comparisonText),
    );
};

export const addCritics = (program: Command): void => {
  const group = program
    .command('critic')
    .description('prompts that judge: list, show, save, export, run, compare, robustness, improve');
  addList(group);
  addShow(group);
  addSave(group);
  addCriticExport(group, critic);
  addCritiqueStart(group, 'run <critic>', 'ask a critic about a slice');
  addCompare(group);
  addCriticSuites(group);
};
