import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { LocalModel, ModelFile } from '@flywheel/domain/model';
import { folderSource } from '@flywheel/inference/model/folder-source.node';
import { readModelConfig } from '@flywheel/inference/model/model-config';
import { readTokenizer } from '@flywheel/inference/model/tokenizer';
import { listVariants } from '@flywheel/inference/model/variants';
import { growthUnpacked } from '@flywheel/inference/onnx/memory';
import { readModel } from '@flywheel/onnx/model';
import { UserError } from '../errors.ts';
import { isGraphOf, isModelFile } from './model-files.ts';

/**
 * What a folder in Hugging Face's layout holds.
 *
 * @throws UserError that says what is missing, and the remedy
 */
export const readFolder = async (
  folder: string,
): Promise<Pick<LocalModel, 'files' | 'variants' | 'licence' | 'architecture' | 'chat'>> => {
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new UserError(`There is no folder ${folder}. Give the folder that holds the model's config.json.`);
  const source = folderSource(folder);
  try {
    const config = await readModelConfig(source);
    const tokenizer = await readTokenizer(source);
    const variants = await Promise.all(
      (await listVariants(source)).map(async (v) => ({
        ...v,
        unpacked: v.bytes + growthUnpacked(readModel(await source.read(v.path))),
      })),
    );
    if (variants.length === 0)
      throw new UserError(
        `${folder} holds no ONNX graph (onnx/model*.onnx). Convert the model first: docs/models.md says how.`,
      );
    const files: ModelFile[] = [];
    for (const below of ['', 'onnx'])
      for (const name of await source.list(below)) {
        const file = path.posix.join(below, name);
        if (!isModelFile(file) && !variants.some((v) => isGraphOf(file, v.path))) continue;
        files.push({ path: file, bytes: (await source.size(file)) ?? 0, sha256: null });
      }
    return {
      files,
      variants,
      licence: await licenceOf(source),
      chat: tokenizer.hasTemplate,
      architecture: {
        type: config.type,
        layers: config.layers,
        width: config.width,
        vocabulary: config.vocabulary,
        context: config.positions,
      },
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError((error as Error).message, 'BAD_REQUEST', { cause: error });
  }
};

/** As the front matter of the model's card says it. */
const licenceOf = async (source: ReturnType<typeof folderSource>): Promise<string | null> => {
  if ((await source.size('README.md')) === null) return null;
  const text = new TextDecoder().decode(await source.read('README.md'));
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  return /^license:[ \t]*(\S.*?)[ \t]*$/m.exec(front)?.[1] ?? null;
};
