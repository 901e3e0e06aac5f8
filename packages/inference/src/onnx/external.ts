import type { OnnxModel } from '@flywheel/onnx/model';
import type { ByteSource } from '../model/byte-source.ts';
import { DamagedModel } from './refusals.ts';

/**
 * Reads weights that lie beside the graph into it. Each file is read once.
 *
 * @param path of the graph; locations are relative to its folder
 * @throws DamagedModel where a place cannot be, or a file is shorter than the graph says; Error that names a missing file
 */
export const loadExternal = async (model: OnnxModel, source: ByteSource, path: string): Promise<void> => {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  const files = new Map<string, Promise<Uint8Array>>();
  for (const tensor of model.graph.tensors) {
    const { external } = tensor;
    if (!external) continue;
    const { location, offset, length } = external;
    if (![offset, length ?? 0].every((n) => Number.isSafeInteger(n) && n >= 0))
      throw new DamagedModel(
        `The weight ${tensor.name} is said to lie in ${location} from byte ${offset}, ${length ?? 'all'} bytes long.`,
      );
    const file = files.get(location) ?? source.read(folder + location);
    files.set(location, file);
    const bytes = await file;
    const end = length === null ? bytes.length : offset + length;
    if (Math.max(offset, end) > bytes.length)
      throw new DamagedModel(
        `${location} is cut: the weight ${tensor.name} ends at byte ${Math.max(offset, end)}, the file at ${bytes.length}.`,
      );
    tensor.bytes = bytes.subarray(offset, end);
    tensor.external = null;
  }
};
