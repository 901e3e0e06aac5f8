import type { ByteSource } from './byte-source.ts';

/** One of a model's graphs: the same weights in another precision. */
export interface Variant {
  /** e.g. `onnx/model_q4.onnx` */
  path: string;
  /** As the file's name has it: `fp32`, `fp16`, `q4`, `q8`, ... */
  precision: string;
  /** External data included. */
  bytes: number;
}

const NAME = /^model(?:_([a-z0-9_]+))?\.onnx$/;

/** The graphs of a folder, the smallest first. */
export const listVariants = async (source: ByteSource): Promise<Variant[]> => {
  const folder = (await source.list('onnx')).some((name) => NAME.test(name)) ? 'onnx/' : '';
  const names = await source.list(folder.replace(/\/$/, ''));
  const variants = await Promise.all(
    names.flatMap((name) => {
      const match = NAME.exec(name);
      if (!match) return [];
      const parts = names.filter((other) => other === name || other.startsWith(`${name}_data`));
      return [
        Promise.all(parts.map((part) => source.size(folder + part))).then((sizes) => ({
          path: folder + name,
          precision: match[1] ?? 'fp32',
          bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
        })),
      ];
    }),
  );
  return variants.sort((a, b) => a.bytes - b.bytes);
};
