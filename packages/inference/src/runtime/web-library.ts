import type { Env, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';
import asyncifyScript from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiScript from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiBinary from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import { serialQueue } from './runtime.ts';

/** What is used of onnxruntime-web, whichever of its builds it is. */
interface Build {
  env: Env;
  InferenceSession: InferenceSessionFactory;
  Tensor: TensorConstructor;
}

/** onnxruntime in this page or worker. There is one, and all that is run on it goes through one queue. */
export interface WebLibrary extends Pick<Build, 'InferenceSession' | 'Tensor'> {
  threads: number;
  queue: ReturnType<typeof serialQueue>;
}

/** Threads that WebAssembly may have here: they need memory that is shared, which only an isolated page has. */
const threadsOf = (wanted = navigator.hardwareConcurrency): number =>
  globalThis.crossOriginIsolated ? Math.max(1, Math.min(wanted, navigator.hardwareConcurrency)) : 1;

/**
 * The build of onnxruntime that suits this browser: where WebAssembly can wait for promises itself the file is two thirds of the
 * size. Its script and binary come from our own server. To be asked for once in a page or worker, before anything is run.
 */
export const loadWebLibrary = async (wanted?: number): Promise<WebLibrary> => {
  const waits = 'Suspending' in WebAssembly;
  const build: Build = waits ? await import('onnxruntime-web/jspi') : await import('onnxruntime-web/webgpu');
  const [mjs, wasm] = waits ? [jspiScript, jspiBinary] : [asyncifyScript, asyncifyBinary];
  const threads = threadsOf(wanted);
  build.env.wasm.wasmPaths = { mjs: absolute(mjs), wasm: absolute(wasm) };
  build.env.wasm.numThreads = threads;
  build.env.logLevel = 'error';
  return { InferenceSession: build.InferenceSession, Tensor: build.Tensor, threads, queue: serialQueue() };
};

const absolute = (address: string): string => new URL(address, location.href).href;
