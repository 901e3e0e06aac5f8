import { type OnnxModel, readModel } from '@flywheel/onnx/model';
import { WireError } from '@flywheel/onnx/wire';
import type { ByteSource } from '../model/byte-source.ts';
import { checkWeights } from './check-weights.ts';
import { loadExternal } from './external.ts';
import { DamagedModel } from './refusals.ts';

/**
 * Reads a graph and the weights beside it.
 *
 * @throws DamagedModel that names the file; Error where one cannot be read
 */
export const openGraph = async (source: ByteSource, path: string): Promise<OnnxModel> => {
  const bytes = await source.read(path);
  try {
    const model = readModel(bytes);
    await loadExternal(model, source, path);
    checkWeights(model);
    return model;
  } catch (cause) {
    if (!(cause instanceof WireError || cause instanceof DamagedModel)) throw cause;
    throw new DamagedModel(`${path} of ${source.name} is damaged: ${cause.message} Fetch it again.`, {
      cause,
    });
  }
};
