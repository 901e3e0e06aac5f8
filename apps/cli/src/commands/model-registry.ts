import path from 'node:path';
import { type LocalModel, ModelId } from '@flywheel/domain/model';
import { type Command, InvalidArgumentError } from 'commander';
import { follow } from '../follow.ts';
import { type Common, perform, workspaceCommand } from '../perform.ts';

export const modelId = (text: string): ModelId => {
  const id = ModelId.safeParse(text);
  if (!id.success) throw new InvalidArgumentError(id.error.issues[0]?.message ?? 'not a model name');
  return id.data;
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const line = (model: LocalModel): string =>
  [
    model.id.padEnd(30),
    model.variants.map((v) => `${v.precision} ${megabytes(v.bytes)}`).join(', '),
    model.licence ?? 'licence unknown',
    model.origin.kind === 'folder' ? model.origin.path : model.origin.kind,
  ].join('  ');

/** `model add|list|remove`: models that the workspace knows. */
export const addRegistry = (group: Command): void => {
  workspaceCommand(
    group,
    'add <model>',
    'add a model: a folder of this machine, or hub:owner/name[@revision] of the Hub (HF_ENDPOINT, HF_TOKEN)',
  )
    .option('--id <name>', 'its name; default: the folder’s', modelId)
    .option('--precision <name>', 'of the Hub’s graphs, which to fetch; default: the smallest')
    .action((from: string, o: Common & { id?: ModelId; precision?: string }) =>
      perform(
        o,
        async (connection) => {
          const named = o.id === undefined ? {} : { id: o.id };
          if (!from.startsWith('hub:'))
            return connection.api.models.add.mutate({ path: path.resolve(from), ...named });
          const started = await connection.api.models.download.mutate({
            reference: from,
            precision: o.precision ?? null,
            ...named,
          });
          const [run = started] = await follow(connection, [started.id]);
          return connection.api.models.get.query({ id: ModelId.parse(run.result.model) });
        },
        (model) => `Added ${line(model)}`,
        { recover: from.startsWith('hub:') },
      ),
    );
  workspaceCommand(group, 'list', 'models of the workspace').action((o: Common) =>
    perform(
      o,
      async ({ api }) => ({ models: await api.models.list.query() }),
      ({ models }) =>
        models.length === 0
          ? 'No model yet. Add one: flywheel model add FOLDER'
          : models.map(line).join('\n'),
    ),
  );
  workspaceCommand(group, 'remove <model>', 'forget a model; its files stay where they are').action(
    (id: string, o: Common) =>
      perform(
        o,
        async ({ api }) => ({ removed: (await api.models.remove.mutate({ id: modelId(id) })).id }),
        ({ removed }) => `${removed} is forgotten. \`flywheel model add\` brings it back.`,
      ),
  );
};
