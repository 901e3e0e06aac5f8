import path from 'node:path';
import { type LocalModel, ModelId } from '@flywheel/domain/model';
import { type Command, InvalidArgumentError } from 'commander';
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
  workspaceCommand(group, 'add <folder>', 'add a model that lies in a folder of this machine')
    .option('--id <name>', 'its name; default: the folder’s', modelId)
    .action((folder: string, o: Common & { id?: ModelId }) =>
      perform(
        o,
        ({ api }) =>
          api.models.add.mutate({ path: path.resolve(folder), ...(o.id === undefined ? {} : { id: o.id }) }),
        (model) => `Added ${line(model)}`,
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
