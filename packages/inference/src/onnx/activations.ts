import { attribute, type OnnxModel, type OnnxNode } from '@flywheel/onnx/model';

/** Of `accuracy_level`: activations stay as they are; 4 makes them whole numbers of 8 bits. */
const AS_THEY_ARE = 0;

/**
 * Lets packed products compute with their activations as they are. Exports ask for 8 bits, for speed; a score of tokens would then
 * be that of a coarser model, and another one on each backend.
 */
export const keepActivations = (model: OnnxModel): { model: OnnxModel; products: number } => {
  let products = 0;
  const nodes = model.graph.nodes.map((node): OnnxNode => {
    const level = node.attributes.find((a) => a.name === 'accuracy_level')?.int ?? 0n;
    if (node.opType !== 'MatMulNBits' || Number(level) === AS_THEY_ARE) return node;
    products++;
    const others = node.attributes.filter((a) => a.name !== 'accuracy_level');
    return { ...node, attributes: [...others, attribute('accuracy_level', AS_THEY_ARE)] };
  });
  return { model: { ...model, graph: { ...model.graph, nodes } }, products };
};
