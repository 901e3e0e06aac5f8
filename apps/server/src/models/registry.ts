import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type BackendTry, type LocalModel, ModelId, type ModelOrigin } from '@flywheel/domain/model';
import type { Store } from '@flywheel/store/store';
import { UserError } from '../errors.ts';
import { readFolder } from './read-folder.ts';

/** A name for a model, of its folder's. */
export const nameOf = (folder: string): ModelId => {
  const slug = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 80);
  const id = ModelId.safeParse(slug);
  if (!id.success)
    throw new UserError(`The name ${path.basename(folder)} gives no name for the model: give one.`);
  return id.data;
};

/** Models that the workspace knows, and where their files lie. Does not own the loading of any. */
export const modelRegistry = (home: string, store: Store) => {
  const need = async (id: ModelId): Promise<LocalModel> => {
    const model = await store.models.get(id);
    if (!model)
      throw new UserError(
        `There is no model ${id}. Add it in Models, or with: flywheel model add`,
        'NOT_FOUND',
      );
    return model;
  };
  const folderOf = (model: LocalModel): string =>
    model.origin.kind === 'folder' ? model.origin.path : path.join(home, 'models', model.id);

  /** @throws UserError where the name is that of another model */
  const mayHave = async (
    id: ModelId,
    origin: { kind: 'folder'; path: string } | { kind: 'hub'; repository: string },
  ): Promise<LocalModel | null> => {
    const known = await store.models.get(id);
    const same =
      known?.origin.kind === 'folder' && origin.kind === 'folder'
        ? known.origin.path === origin.path
        : known?.origin.kind === 'hub' &&
          origin.kind === 'hub' &&
          known.origin.repository === origin.repository;
    if (known && !same)
      throw new UserError(
        `The name ${id} is taken by another model: give this one another name.`,
        'CONFLICT',
      );
    return known;
  };
  const keep = async (model: LocalModel): Promise<LocalModel> => {
    await store.models.save(model);
    return model;
  };

  return {
    mayHave,
    list: () => store.models.list(),
    get: need,
    folder: async (id: ModelId): Promise<string> => folderOf(await need(id)),

    /** Adds a folder of this machine; its files stay where they are. @throws UserError where it is no model, or the name is taken */
    addFolder: async (folder: string, name?: ModelId): Promise<LocalModel> => {
      if (!path.isAbsolute(folder))
        throw new UserError(`path: give the whole path of the folder, not ${folder}.`);
      const id = name ?? nameOf(folder);
      const origin = { kind: 'folder' as const, path: path.resolve(folder) };
      const known = await mayHave(id, origin);
      const { addedAt = Date.now(), tries = [] } = known ?? {};
      return keep({ id, origin, addedAt, ...(await readFolder(folder)), tries });
    },

    /** Adds a model whose files were brought into the workspace; `hashes` of those that are known. */
    addDownloaded: async (
      id: ModelId,
      origin: Extract<ModelOrigin, { kind: 'hub' }>,
      hashes: readonly { path: string; sha256: string }[],
    ): Promise<LocalModel> => {
      const known = await mayHave(id, origin);
      const read = await readFolder(path.join(home, 'models', id));
      const files = read.files.map((f) => ({
        ...f,
        sha256: hashes.find((h) => h.path === f.path)?.sha256 ?? null,
      }));
      return keep({
        id,
        origin,
        addedAt: known?.addedAt ?? Date.now(),
        ...read,
        files,
        tries: known?.tries ?? [],
      });
    },

    /** Forgets a model; its files stay. {@link restore} takes this back. */
    remove: (id: ModelId): Promise<LocalModel> => store.models.remove(id),

    /** Takes a model back that {@link remove} forgot; its folder is read anew. @throws UserError where it is gone, or the name taken */
    restore: async (model: LocalModel): Promise<LocalModel> => {
      if (await store.models.get(model.id))
        throw new UserError(`There is a model ${model.id} again.`, 'CONFLICT');
      const read = await readFolder(folderOf(model));
      const files = read.files.map((f) => ({
        ...f,
        sha256: model.files.find((known) => known.path === f.path && known.bytes === f.bytes)?.sha256 ?? null,
      }));
      return keep({ ...model, ...read, files });
    },

    /** Keeps what became of loading a model somewhere: the newest of each backend and precision. */
    recordTry: (id: ModelId, made: BackendTry): Promise<LocalModel> =>
      store.models.change(id, (model) => ({
        ...model,
        tries: [
          made,
          ...model.tries.filter((t) => t.backend !== made.backend || t.precision !== made.precision),
        ],
      })),

    /**
     * Where a file of a model lies, for those that are listed; null for any other. It must still be as long as it was when the
     * model was added.
     */
    file: async (id: string, file: string): Promise<{ folder: string; path: string } | null> => {
      const known = ModelId.safeParse(id);
      const model = known.success ? await store.models.get(known.data) : null;
      const listed = model?.files.find((f) => f.path === file);
      if (!model || !listed) return null;
      const folder = folderOf(model);
      const found = await stat(path.join(folder, file)).catch(() => null);
      return found?.isFile() && found.size === listed.bytes ? { folder, path: file } : null;
    },
  };
};

export type ModelRegistry = ReturnType<typeof modelRegistry>;
