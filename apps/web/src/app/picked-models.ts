import type { LocalModel } from '@flywheel/domain/model';
import { readJson } from '@flywheel/inference/model/byte-source';
import { readModelConfig } from '@flywheel/inference/model/model-config';
import { listVariants, type Variant } from '@flywheel/inference/model/variants';
import { filesSource, type SourceFiles } from '@flywheel/inference/worker-source';
import { create } from 'zustand';
import { pickedFolder } from './inference.ts';
import { unloadModel } from './local-models.ts';

/** A model of a folder that was picked in this tab; nobody else knows it, and it is gone with the tab. */
export interface PickedModel extends Pick<LocalModel, 'architecture' | 'chat'> {
  name: string;
  source: SourceFiles;
  files: { path: string; bytes: number }[];
  /** `unpacked` is known only once the graph is read. */
  variants: (Variant & { unpacked: null })[];
}

/** Picked models by name. */
export const usePicked = create<{ models: ReadonlyMap<string, PickedModel> }>()(() => ({
  models: new Map(),
}));

/** Takes a picked folder in; its weights are not read yet. @throws Error that says what it lacks */
export const pickModel = async (picked: Iterable<File>): Promise<PickedModel> => {
  const folder = pickedFolder(picked);
  const source = filesSource(folder);
  const config = await readModelConfig(source);
  const variants = await listVariants(source);
  if (variants.length === 0)
    throw new Error(`${folder.name} holds no ONNX graph (onnx/model*.onnx). Convert it: see docs/models.md.`);
  const tokenizer = (await readJson(source, 'tokenizer_config.json')) as { chat_template?: unknown } | null;
  const model: PickedModel = {
    // No registered model has such a name.
    name: `${folder.name} (this tab)`,
    source: folder,
    files: await Promise.all(
      Object.keys(folder.files)
        .sort()
        .map(async (path) => ({ path, bytes: (await source.size(path)) ?? 0 })),
    ),
    variants: variants.map((v) => ({ ...v, unpacked: null })),
    architecture: {
      type: config.type,
      layers: config.layers,
      width: config.width,
      vocabulary: config.vocabulary,
      context: config.positions,
    },
    chat: (await source.size('chat_template.jinja')) !== null || Boolean(tokenizer?.chat_template),
  };
  usePicked.setState(({ models }) => ({ models: new Map(models).set(model.name, model) }));
  return model;
};

/** Unloads a picked model and forgets its folder. */
export const forgetPicked = (name: string): void => {
  unloadModel(name);
  usePicked.setState(({ models }) => ({
    models: new Map([...models].filter(([other]) => other !== name)),
  }));
};
