import type { Tensor, TensorConstructor } from 'onnxruntime-common';

export type Feeds = Readonly<Record<string, Tensor>>;

/** A graph that is ready to run. */
export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Runs the graph; only the outputs that are named come back. An output given as a tensor is written into it. */
  run(feeds: Feeds, fetches: Readonly<Record<string, Tensor | null>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

export type RuntimeName = 'node' | 'web-wasm' | 'web-webgpu';

/** onnxruntime somewhere. All calls of one runtime go through one queue: two at a time kill a page. */
export interface Runtime {
  readonly name: RuntimeName;
  readonly threads: number;
  /** Whether packed weights are slow here, so that they are better unpacked at load. */
  readonly unpacks: boolean;
  /** Whether there is arithmetic of float16 here; else what is float16 is made float32. */
  readonly halves: boolean;
  /** Whether fused attention is slow here, so that it is better written out in smaller operators. */
  readonly unfuses: boolean;
  /** Whether an output may be written over the input that it continues, so that a cache is never copied. */
  readonly inPlace: boolean;
  /** The library's own: a tensor of another copy of the library is not seen to be one. */
  readonly Tensor: TensorConstructor;
  /** The graphics device, where there is one: outputs that stay are buffers of it. */
  readonly gpu: GPUDevice | null;
  /** @param stays whether outputs stay where they were made, for another run to take them */
  create(model: Uint8Array, stays?: boolean): Promise<Session>;
}

/** Lets one call after another through, in order; a failed one does not stop the next. */
export const serialQueue = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
};
