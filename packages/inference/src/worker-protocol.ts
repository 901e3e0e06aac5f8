import type { ChatMessage } from '@flywheel/domain/chat';
import type { ModelCheck } from './check/check.ts';
import type { Reference } from './check/reference.ts';
import type { LoadOptions, LoadReport } from './engine.ts';
import type { TokenDetail } from './generate/detail.ts';
import type { Generated, GenerateRequest } from './generate/generate.ts';
import type { ModelConfig } from './model/model-config.ts';
import type { RuntimeName } from './runtime/runtime.ts';
import type { AdapterReport } from './runtime/web-device.ts';
import type { ProbeReport } from './runtime/web-probe.ts';
import type { Score } from './score/score.ts';
import type { SourceFiles } from './worker-source.ts';

/** Where a thread of this machine is to run a model. */
export interface NodeBackend {
  name: 'node';
  /** All that the machine has, where nothing is said. */
  threads?: number | undefined;
}

/** Where a model is to run in a browser. */
export interface WebBackend {
  name: 'web-wasm' | 'web-webgpu';
  /** Of WebAssembly; one where the page is not isolated. */
  threads?: number | undefined;
  /** `always` asks for subgroups where they are known to give wrong results: to test that the probe sees it. */
  subgroups?: 'safe' | 'always' | undefined;
}

/** What a model in a worker says of itself once it is loaded. */
export interface LoadedModel {
  backend: RuntimeName;
  threads: number;
  config: ModelConfig;
  /** Tokens that a row may have, prompt and answer together. */
  context: number;
  vocabulary: number;
  hasTemplate: boolean;
  report: LoadReport;
  /** Of WebGPU: the adapter, and how its figures compare with those of WebAssembly. What did not pass is not used. */
  gpu: { adapter: AdapterReport; probe: ProbeReport } | null;
}

/** A token that was written, with texts: those of single tokens, in which parts of a character stand as U+FFFD. */
export interface ToldToken extends TokenDetail {
  text: string;
  alternatives: (TokenDetail['alternatives'][number] & { text: string })[];
}

/** What can be asked of the worker: what is given, what comes back, and what is told on the way. */
export interface WorkerCalls {
  load: {
    given: {
      source: SourceFiles | { folder: string };
      backend: WebBackend | NodeBackend;
      options: LoadOptions;
    };
    back: LoadedModel;
    told: { read: number; asked: number };
  };
  encode: {
    given: { texts: readonly string[]; special?: boolean | undefined };
    back: number[][];
    told: never;
  };
  /** Where each token begins in the text of all: see {@link Tokenizer.starts}. */
  starts: { given: { texts: readonly (readonly number[])[] }; back: number[][]; told: never };
  render: { given: { messages: readonly ChatMessage[] }; back: string; told: never };
  score: {
    given: {
      texts: readonly (readonly number[])[];
      batchTokens?: number | undefined;
      rows?: number | undefined;
    };
    back: Score[];
    told: { tokens: number };
  };
  generate: {
    given: { requests: readonly GenerateRequest[]; slots?: number | undefined };
    back: Generated[];
    /** `detail`: where the request asks for alternatives. */
    told: { request: number; text: string; detail: ToldToken | null };
  };
  check: {
    given: { reference: Reference; batches?: readonly number[] | undefined };
    back: ModelCheck;
    told: never;
  };
  /** What was used since the model was loaded: bytes that came out of the runtime's memory. */
  usage: { given: null; back: { readBack: number }; told: never };
  close: { given: null; back: null; told: never };
}
export type WorkerCall = keyof WorkerCalls;

/** To the worker: a call with its number, or word that nobody waits for one any more. */
export type ToWorker =
  | { [C in WorkerCall]: { id: number; call: C; given: WorkerCalls[C]['given'] } }[WorkerCall]
  | { id: number; call: 'stop' };

/** From the worker, about the call with that number. */
export type FromWorker =
  | { id: number; kind: 'told'; told: WorkerCalls[WorkerCall]['told'] }
  | { id: number; kind: 'done'; back: WorkerCalls[WorkerCall]['back'] }
  | { id: number; kind: 'failed'; name: string; message: string }
  /** About none: what the model runs on is gone, and with it the model. */
  | { id: null; kind: 'broken'; message: string };
