import type { OnnxModel, OnnxNode } from '@flywheel/onnx/model';
import { BYTES_OF, type OnnxTensor } from '@flywheel/onnx/tensor';
import { DamagedModel } from './refusals.ts';

/**
 * Looks whether every weight has as many bytes as its shape needs, and every packed product those that its sizes need. What is
 * done with a graph later takes its sizes at their word, and memory for them.
 *
 * @throws DamagedModel that names the weight or the product
 */
export const checkWeights = ({ graph }: OnnxModel): void => {
  const tensors = new Map(graph.tensors.map((t) => [t.name, t]));
  for (const tensor of graph.tensors) checkWeight(tensor);
  for (const node of graph.nodes) if (node.opType === 'MatMulNBits') checkPacked(node, tensors);
};

const checkWeight = ({ name, dims, dataType, bytes }: OnnxTensor): void => {
  const shape = `The weight ${name} has the shape [${dims.join(', ')}]`;
  if (!dims.every((d) => Number.isSafeInteger(d) && d >= 0))
    throw new DamagedModel(`${shape}, which no weight can have.`);
  const size = BYTES_OF.get(dataType);
  if (size === undefined || bytes === null) return;
  const needed = dims.reduce((n, d) => n * d, size);
  if (needed !== bytes.length)
    throw new DamagedModel(`${shape} and needs ${needed} bytes, but has ${bytes.length}.`);
};

const checkPacked = (node: OnnxNode, tensors: ReadonlyMap<string, OnnxTensor>): void => {
  const int = (name: string): number => Number(node.attributes.find((a) => a.name === name)?.int ?? 0);
  const [k, n, block, bits] = [int('K'), int('N'), int('block_size'), int('bits') || 4];
  const [, packed = '', scales = ''] = node.inputs;
  const counted = (name: string): number | null =>
    tensors.get(name)?.dims.reduce((count, d) => count * d, 1) ?? null;
  const blocks = n * Math.ceil(k / block);
  const sound =
    [k, n, block, bits].every((size) => size > 0) &&
    [null, (blocks * block * bits) / 8].includes(counted(packed)) &&
    [null, blocks].includes(counted(scales));
  if (!sound)
    throw new DamagedModel(
      `The packed product ${node.name || node.outputs[0]} is said to be of ${k} to ${n} in blocks of ${block} by ${bits} bits, but its weights are not of that size.`,
    );
};
