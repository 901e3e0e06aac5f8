import { z } from 'zod';

/** A short name that the user gives a model, or that is made of its folder's, e.g. `smollm2-135m-instruct`. */
export const ModelId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{0,79}$/,
    'a model is named in small letters, digits, dots and hyphens, e.g. smollm2-135m',
  )
  .brand<'model'>();
export type ModelId = z.infer<typeof ModelId>;

/** Where a model came from. `trained` here: its folder lies in the workspace, and so does what it was trained by. */
export const ModelOrigin = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), path: z.string() }),
  /** A repository of the Hub at a fixed commit; `endpoint` is the Hub's address. */
  z.object({
    kind: z.literal('hub'),
    endpoint: z.url({ protocol: /^https?$/ }),
    repository: z.string(),
    /** As it was asked for, e.g. `main`. */
    revision: z.string(),
    /** What that was, 40 hex digits. */
    commit: z.string(),
  }),
  z.object({ kind: z.literal('trained'), run: z.number().int() }),
]);
export type ModelOrigin = z.infer<typeof ModelOrigin>;

export const ModelFile = z.object({
  /** Relative to the model's folder, with `/`. */
  path: z.string(),
  bytes: z.number().int().min(0),
  /** 64 hex digits; null where it is not known yet. */
  sha256: z.string().nullable(),
});
export type ModelFile = z.infer<typeof ModelFile>;

/** Where a model can run: this server's processor, or a browser's WebAssembly or WebGPU. */
export const Backend = z.enum(['node', 'web-wasm', 'web-webgpu']);
export type Backend = z.infer<typeof Backend>;

/** What became of loading a model somewhere; the newest of each backend is kept. */
export const BackendTry = z.object({
  backend: Backend,
  /** Milliseconds since 1970. */
  at: z.number().int(),
  precision: z.string(),
  threads: z.number().int().min(1),
  /** Weights in memory, in bytes. */
  weights: z.number().min(0),
  loadSeconds: z.number().min(0),
  notes: z.array(z.string()),
  /** What WebGPU runs on, and what a buffer of it may bind; null elsewhere. */
  adapter: z
    .object({ vendor: z.string(), architecture: z.string(), description: z.string(), maxBinding: z.number() })
    .nullable(),
  /** How the backend's figures compare with those of one that is known to be right; null where it is that one. */
  probe: z
    .object({
      passed: z.boolean(),
      /** Nats that a figure may be off, and the most that one was. */
      tolerance: z.number(),
      maxAbs: z.number(),
    })
    .nullable(),
  /** Measured on this machine after warming up; null: not measured. */
  tokensPerSecond: z.object({ score: z.number().nullable(), generate: z.number().nullable() }),
  /** Why it could not be loaded; null: it could. */
  error: z.string().nullable(),
});
export type BackendTry = z.infer<typeof BackendTry>;

/** A model as the workspace knows it. */
export const LocalModel = z.object({
  id: ModelId,
  origin: ModelOrigin,
  addedAt: z.number().int(),
  files: z.array(ModelFile),
  /** Precisions that there are graphs of, the smallest first, with their bytes. */
  variants: z.array(
    z.object({
      path: z.string(),
      precision: z.string(),
      bytes: z.number(),
      /** Bytes of weights in memory where packed ones are unpacked to float32. */
      unpacked: z.number(),
    }),
  ),
  /** As its card or `config.json` says it, e.g. `apache-2.0`; null: nothing was found. */
  licence: z.string().nullable(),
  /** Of `config.json`. */
  architecture: z.object({
    type: z.string(),
    layers: z.number(),
    width: z.number(),
    vocabulary: z.number(),
    /** Tokens that it was made for. */
    context: z.number(),
  }),
  /** Whether it can be spoken to in turns. */
  chat: z.boolean(),
  tries: z.array(BackendTry),
});
export type LocalModel = z.infer<typeof LocalModel>;
