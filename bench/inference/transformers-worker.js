// A module worker with transformers.js as its users have it: the packed file, its own build of onnxruntime-web, all from our own server.
import {
  AutoModelForCausalLM,
  BaseStreamer,
  env,
  Tensor,
} from '/modules/@huggingface/transformers/dist/transformers.min.js';

const ORT =
  '/modules/@huggingface/transformers/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify';

let model;
let readBack = 0;

const load = async ({ dtype, device, threads }) => {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/';
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.backends.onnx.wasm.wasmPaths = { mjs: `${ORT}.mjs`, wasm: `${ORT}.wasm` };
  env.backends.onnx.wasm.numThreads = threads;
  model = await AutoModelForCausalLM.from_pretrained('model', { dtype, device });
  for (const session of Object.values(model.sessions)) {
    const run = session.run.bind(session);
    session.run = async (...given) => {
      const outputs = await run(...given);
      for (const tensor of Object.values(outputs))
        if (tensor.location === 'cpu') readBack += tensor.data.byteLength;
      return outputs;
    };
  }
  return { threads: globalThis.crossOriginIsolated ? threads : 1 };
};

/** Texts are of one length, so that its padding does no harm. */
const inputsOf = (texts) => {
  const dims = [texts.length, texts[0].length];
  return {
    input_ids: new Tensor('int64', BigInt64Array.from(texts.flat(), BigInt), dims),
    attention_mask: new Tensor('int64', new BigInt64Array(dims[0] * dims[1]).fill(1n), dims),
  };
};

/** It has no scoring: the log-probabilities alone, in a plain loop over the logits. */
const score = async ({ texts }) => {
  const outputs = await model(inputsOf(texts));
  const { data, dims } = outputs.logits;
  const [, length, vocabulary] = dims;
  const logprobs = texts.map((ids, r) =>
    ids.slice(1).map((id, i) => {
      const from = (r * length + i) * vocabulary;
      const row = data.subarray(from, from + vocabulary);
      let most = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < vocabulary; k++) if (row[k] > most) most = row[k];
      let sum = 0;
      for (let k = 0; k < vocabulary; k++) sum += Math.exp(row[k] - most);
      return row[id] - most - Math.log(sum);
    }),
  );
  for (const tensor of Object.values(outputs)) await tensor.dispose?.();
  return { logprobs };
};

const generate = async ({ prompts, maxTokens }) => {
  const began = performance.now();
  let told = 0;
  let first = began;
  class Watch extends BaseStreamer {
    put() {
      // The prompts are told first.
      if (++told === 2) first = performance.now();
    }
    end() {}
  }
  const sequences = await model.generate({
    ...inputsOf(prompts),
    max_new_tokens: maxTokens,
    do_sample: false,
    streamer: new Watch(),
  });
  const ended = performance.now();
  // Rows that ended are padded until the last one has.
  const ends = [model.generation_config?.eos_token_id ?? []].flat();
  const ids = sequences.tolist().map((row) => {
    const answer = row.slice(prompts[0].length).map(Number);
    const end = answer.findIndex((id) => ends.includes(id));
    return end < 0 ? answer : answer.slice(0, end + 1);
  });
  return { first: (first - began) / 1_000, rest: (ended - first) / 1_000, ids };
};

const calls = { load, score, generate };

self.onmessage = async ({ data: { call, given } }) => {
  try {
    const before = readBack;
    const began = performance.now();
    const back = await calls[call](given);
    self.postMessage({
      back: { ...back, seconds: (performance.now() - began) / 1_000, readBack: readBack - before },
    });
  } catch (error) {
    self.postMessage({ failed: String(error?.stack ?? error) });
  }
};
