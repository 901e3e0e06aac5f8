import type { OnnxModel, OnnxNode } from '@flywheel/onnx/model';
import { DATA_TYPES } from '@flywheel/onnx/tensor';
import { checkWeights } from './check-weights.ts';

const intOf = (node: OnnxNode, name: string): number =>
  Number(node.attributes.find((a) => a.name === name)?.int ?? 0);

/**
 * Bytes by which a graph's weights grow when they are made float32 (see `widen`) and its packed products are unpacked (see
 * `dequantise`), before that is done.
 *
 * @throws DamagedModel where its sizes cannot be
 */
export const growthUnpacked = (model: OnnxModel): number => {
  checkWeights(model);
  const { graph } = model;
  const seen = new Set<string>();
  let growth = 0;
  for (const { dataType, dims } of graph.tensors)
    if (dataType === DATA_TYPES.float16) growth += 2 * dims.reduce((n, d) => n * d, 1);
  for (const node of graph.nodes) {
    const packed = node.inputs[1] ?? '';
    if (node.opType !== 'MatMulNBits' || seen.has(packed)) continue;
    seen.add(packed);
    const [k, n, block, bits] = ['K', 'N', 'block_size', 'bits'].map((name) => intOf(node, name)) as [
      number,
      number,
      number,
      number,
    ];
    const blocks = n * Math.ceil(k / block);
    const zeros = node.inputs[3] ? blocks * (bits / 8) : 0;
    growth += 4 * n * k - (blocks * block * bits) / 8 - 4 * blocks - zeros;
  }
  return growth;
};
