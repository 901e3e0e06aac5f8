import type { ByteSource } from '../model/byte-source.ts';
import type { OnnxModel } from './proto.ts';

/**
 * Reads weights that lie beside the graph into it. Each file is read once.
 *
 * @param path of the graph; locations are relative to its folder
 * @throws Error that names a file which is missing, or shorter than the graph says
 */
export const loadExternal = async (model: OnnxModel, source: ByteSource, path: string): Promise<void> => {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  const files = new Map<string, Promise<Uint8Array>>();
  for (const tensor of model.graph.tensors) {
    const { external } = tensor;
    if (!external) continue;
    const { location, offset } = external;
    const file = files.get(location) ?? source.read(folder + location);
    files.set(location, file);
    const bytes = await file;
    const end = external.length === null ? bytes.length : offset + external.length;
    if (end > bytes.length)
      throw new Error(
        `${folder}${location} of ${source.name} is cut: the weight ${tensor.name} ends at byte ${end}, the file at ${bytes.length}.`,
      );
    tensor.bytes = bytes.subarray(offset, end);
    tensor.external = null;
  }
};
