import type { Env, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';
import asyncifyScript from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiScript from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiBinary from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';

/** What is used of onnxruntime-web, whichever of its builds it is. */
export interface WebLibrary {
  env: Env;
  InferenceSession: InferenceSessionFactory;
  Tensor: TensorConstructor;
}

/**
 * The build of onnxruntime that suits this browser: where WebAssembly can wait for promises itself the file is two thirds of the
 * size. Its script and binary come from our own server. To be asked for once in a page or worker, before anything is run.
 */
export const loadWebLibrary = async (threads: number): Promise<WebLibrary> => {
  const waits = 'Suspending' in WebAssembly;
  const library: WebLibrary = waits
    ? await import('onnxruntime-web/jspi')
    : await import('onnxruntime-web/webgpu');
  const [mjs, wasm] = waits ? [jspiScript, jspiBinary] : [asyncifyScript, asyncifyBinary];
  library.env.wasm.wasmPaths = { mjs: absolute(mjs), wasm: absolute(wasm) };
  library.env.wasm.numThreads = threads;
  library.env.logLevel = 'error';
  return library;
};

const absolute = (address: string): string => new URL(address, location.href).href;
