/** Files beside the graphs that make a model, or say what it is. */
const BESIDE =
  /^(?:config|generation_config|tokenizer|tokenizer_config|special_tokens_map)\.json$|^chat_template\.jinja$|^(?:README|LICENSE)(?:\.md|\.txt)?$/;
const GRAPH = /^(?:onnx\/)?model(?:_([a-z0-9_]+))?\.onnx$/;

/** Whether a path of a model's folder is one of the files beside its graphs. */
export const isModelFile = (path: string): boolean => BESIDE.test(path);

/** The precision of a graph, as its name says it; null for what is no graph. */
export const precisionOf = (path: string): string | null => {
  const match = GRAPH.exec(path);
  return match ? (match[1] ?? 'fp32') : null;
};

/** Whether a path is a graph, or weights that lie beside it (`model.onnx_data`, `model.onnx_data_1`). */
export const isGraphOf = (path: string, graph: string): boolean =>
  path === graph ||
  (path.startsWith(`${graph}_data`) && /^(?:_\d+)?$/.test(path.slice(`${graph}_data`.length)));
