import { writeModel } from '@flywheel/onnx/model';
import type { Tensor } from 'onnxruntime-common';
import type { ByteSource } from './model/byte-source.ts';
import { type ModelConfig, readModelConfig } from './model/model-config.ts';
import { readTokenizer, type Tokenizer } from './model/tokenizer.ts';
import { listVariants, type Variant } from './model/variants.ts';
import { openGraph } from './onnx/open-graph.ts';
import { UnsupportedModel } from './onnx/refusals.ts';
import { type Prepared, prepare } from './prepare.ts';
import { OutOfMemory } from './runtime/failure.ts';
import type { Feeds, Runtime, Session } from './runtime/runtime.ts';

/** What was done to the graph for the runtime, for people to read. */
export interface LoadReport {
  variant: Variant;
  /** Weights as they lie in memory, in bytes. */
  weights: number;
  notes: string[];
  seconds: number;
}

export interface LoadOptions {
  /** Precision of the graph to load, e.g. `q4`; by default the smallest that there is. */
  precision?: string;
  /** Whether packed weights are unpacked; by default where they are slow packed. */
  unpack?: boolean;
}

/** A model that is loaded: its graphs, and what they need beside tokens. */
export class Engine {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly runtime: Runtime;
  readonly report: LoadReport;
  /** Tokens that a row may have, prompt and answer together. */
  readonly context: number;
  readonly vocabulary: number;
  /** Names of the cache's inputs, and of the outputs that continue them. */
  readonly states: readonly { past: string; present: string }[];
  /** Whether what comes out of the cache's outputs is only what is new, and not the whole cache. */
  readonly appends: boolean;
  /** Whether it computes in float16, its cache included. */
  readonly half: boolean;
  /** Bytes of tensors that came out of the runtime's memory into JavaScript's since this was loaded. */
  readBack = 0;
  private readonly body: Session;
  private readonly head: Session;

  /** @throws UnsupportedModel; DamagedModel; OutOfMemory; Error that names a missing file */
  static async load(source: ByteSource, runtime: Runtime, options: LoadOptions = {}): Promise<Engine> {
    const began = performance.now();
    const config = await readModelConfig(source);
    const tokenizer = await readTokenizer(source);
    const variants = await listVariants(source);
    const variant = options.precision ? variants.find((v) => v.precision === options.precision) : variants[0];
    if (!variant)
      throw new UnsupportedModel(
        variants.length === 0
          ? `${source.name} holds no ONNX graph (onnx/model*.onnx). Convert it: see docs/models.md.`
          : `${source.name} has no graph of precision ${options.precision}: it has ${variants.map((v) => v.precision).join(', ')}.`,
      );
    const graph = await openGraph(source, variant.path);
    const prepared = prepare(graph, config, runtime, options.unpack ?? runtime.unpacks);
    const sessions = await createBoth(runtime, prepared, variant.path);
    const { weights, notes } = prepared;
    const report = { variant, weights, notes, seconds: (performance.now() - began) / 1_000 };
    return new Engine({ ...prepared, config, tokenizer, runtime, report, sessions });
  }

  private constructor(
    parts: Pick<Prepared, 'context' | 'vocabulary' | 'half' | 'appends'> & {
      config: ModelConfig;
      tokenizer: Tokenizer;
      runtime: Runtime;
      report: LoadReport;
      sessions: readonly [Session, Session];
    },
  ) {
    this.config = parts.config;
    this.tokenizer = parts.tokenizer;
    this.runtime = parts.runtime;
    this.report = parts.report;
    this.context = parts.context;
    this.vocabulary = parts.vocabulary;
    this.appends = parts.appends;
    this.half = parts.half;
    [this.body, this.head] = parts.sessions;
    this.states = this.body.inputs
      .filter((name) => name.startsWith('past_key_values.'))
      .map((past) => ({ past, present: past.replace('past_key_values', 'present') }));
  }

  /**
   * Hidden states of rows of tokens, right-padded.
   *
   * @param ids int64 [rows, width]; @param lengths tokens of each row with those in the cache; @param past how many of them
   *   are in the cache, by row
   * @param states the cache, and where what continues it is written; absent: there is none, and none is kept
   */
  async hidden(
    ids: readonly (readonly number[])[],
    past: readonly number[],
    states?: { feeds: Feeds; fetches: Readonly<Record<string, Tensor | null>> },
  ): Promise<Record<string, Tensor>> {
    const { Tensor } = this.runtime;
    const rows = ids.length;
    const width = Math.max(...ids.map((row) => row.length));
    const total = Math.max(...ids.map((row, r) => row.length + (past[r] ?? 0)));
    const tokens = new BigInt64Array(rows * width);
    const positions = new BigInt64Array(rows * width);
    const mask = new BigInt64Array(rows * total);
    for (const [r, row] of ids.entries()) {
      const before = past[r] ?? 0;
      for (const [i, id] of row.entries()) {
        tokens[r * width + i] = BigInt(id);
        positions[r * width + i] = BigInt(before + i);
      }
      mask.fill(1n, r * total, r * total + before + row.length);
    }
    const feeds: Record<string, Tensor> = {
      input_ids: new Tensor('int64', tokens, [rows, width]),
      attention_mask: new Tensor('int64', mask, [rows, total]),
      ...(states?.feeds ?? this.emptyStates(rows)),
    };
    if (this.body.inputs.includes('position_ids'))
      feeds.position_ids = new Tensor('int64', positions, [rows, width]);
    return this.run(this.body, feeds, { hidden: null, ...states?.fetches });
  }

  /** Reads prompts from their beginnings: `hidden` as above, and a cache of them by the names in {@link states}. */
  read(prompts: readonly (readonly number[])[]): Promise<Record<string, Tensor>> {
    const starts = prompts.map(() => 0);
    const fetches = Object.fromEntries(this.states.map(({ present }) => [present, null]));
    return this.hidden(prompts, starts, { feeds: this.emptyStates(prompts.length), fetches });
  }

  /** Figures of some positions of hidden states; `positions` count through all rows, `targets` are the tokens that follow. */
  figures(
    hidden: Tensor,
    positions: readonly number[],
    targets: readonly number[],
    outputs: readonly ('logits' | 'logprob' | 'rank' | 'entropy' | 'top1')[],
  ): Promise<Record<string, Tensor>> {
    const { Tensor } = this.runtime;
    const n = positions.length;
    return this.run(
      this.head,
      {
        hidden,
        positions: new Tensor('int64', BigInt64Array.from(positions, BigInt), [n]),
        targets: new Tensor('int64', BigInt64Array.from(targets, BigInt), [n]),
      },
      Object.fromEntries(outputs.map((name) => [name, null])),
    );
  }

  private async run(
    session: Session,
    feeds: Feeds,
    fetches: Readonly<Record<string, Tensor | null>>,
  ): Promise<Record<string, Tensor>> {
    const outputs = await session.run(feeds, fetches);
    for (const [name, tensor] of Object.entries(outputs))
      if (tensor.location === 'cpu' && !fetches[name])
        this.readBack += (tensor.data as Float32Array).byteLength;
    return outputs;
  }

  private emptyStates(rows: number): Record<string, Tensor> {
    const { Tensor } = this.runtime;
    const dims = [rows, this.config.keyValueHeads, 0, this.config.headSize];
    const none = (): Tensor =>
      this.half
        ? new Tensor('float16', new Uint16Array(0), dims)
        : new Tensor('float32', new Float32Array(0), dims);
    return Object.fromEntries(this.states.map(({ past }) => [past, none()]));
  }

  async close(): Promise<void> {
    await this.body.release();
    await this.head.release();
  }
}

/** @throws UnsupportedModel that says what onnxruntime says; OutOfMemory */
const createBoth = async (
  runtime: Runtime,
  { body, head }: Prepared,
  path: string,
): Promise<readonly [Session, Session]> => {
  const made: Session[] = [];
  try {
    const first = await runtime.create(writeModel(body), true);
    made.push(first);
    return [first, await runtime.create(writeModel(head))];
  } catch (cause) {
    for (const session of made) await session.release();
    if (cause instanceof OutOfMemory) throw cause;
    throw new UnsupportedModel(`${path} cannot be run on ${runtime.name}: ${(cause as Error).message}`, {
      cause,
    });
  }
};
