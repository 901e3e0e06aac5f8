import type { ModelCheck } from './check/check.ts';
import type { Reference } from './check/reference.ts';
import type { LoadOptions } from './engine.ts';
import type { LoadedModel, WebBackend } from './worker-protocol.ts';

/** What a page is opened for by `flywheel model check`: a model, where to run it, and what it should say. */
export interface CheckJob {
  /** For people: the folder. */
  name: string;
  /** Bytes of each file, by its path in the folder; they are fetched from `model/<path>`. */
  files: Record<string, number>;
  backend: WebBackend;
  options: LoadOptions;
  reference: Reference;
}

/** What the page posts back. */
export type CheckOutcome = { loaded: LoadedModel; checked: ModelCheck } | { error: string };
