import type { OnnxGraph, OnnxNode } from '@flywheel/onnx/model';

/**
 * The part of a graph that makes `outputs` from `given` values, the graph's own inputs and its weights. Weights and inputs
 * that it does not use are left out; `given` values are not made inputs, and `outputs` not outputs: the caller types them.
 *
 * @throws Error that names a value which nothing makes
 */
export const subgraph = (
  graph: OnnxGraph,
  given: readonly string[],
  outputs: readonly string[],
): Pick<OnnxGraph, 'nodes' | 'tensors' | 'inputs'> => {
  const maker = new Map<string, OnnxNode>();
  for (const node of graph.nodes) for (const output of node.outputs) maker.set(output, node);
  const tensors = new Map(graph.tensors.map((t) => [t.name, t]));
  const inputs = new Map(graph.inputs.map((i) => [i.name, i]));
  const needed = new Set<OnnxNode>();
  const used = new Set<string>();
  const open = [...outputs];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === '' || used.has(name) || given.includes(name)) continue;
    used.add(name);
    if (tensors.has(name) || inputs.has(name)) continue;
    const node = maker.get(name);
    if (!node) throw new Error(`The graph has nothing that makes "${name}".`);
    if (needed.has(node)) continue;
    needed.add(node);
    open.push(...node.inputs);
  }
  return {
    // The order of the whole graph is one in which each node comes after what it needs.
    nodes: graph.nodes.filter((node) => needed.has(node)),
    tensors: graph.tensors.filter((t) => used.has(t.name)),
    inputs: graph.inputs.filter((i) => used.has(i.name)),
  };
};
