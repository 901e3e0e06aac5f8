import { seededRandom } from '@flywheel/domain/metrics/random';
import type { Tensor } from 'onnxruntime-common';
import type { Engine } from '../engine.ts';
import { checkTokens, finite } from '../finite.ts';
import type { Cache } from './cache.ts';
import { detailOf, type TokenDetail } from './detail.ts';
import { cacheFor } from './open-cache.ts';
import { readable } from './readable.ts';
import { type Chosen, choose, type Sampling } from './sampler.ts';

/** A prompt to be continued. */
export interface GenerateRequest {
  prompt: readonly number[];
  /** Tokens of the answer, at most. */
  maxTokens: number;
  sampling: Sampling;
  /** Equal seeds give equal answers, whatever else is in the batch. */
  seed: number;
  /** Texts that end the answer and are not part of it. */
  stop?: readonly string[] | undefined;
  /** So many of the likeliest tokens at each place are told, with the rank and entropy there; 0 or absent: none of it. */
  alternatives?: number | undefined;
}

export interface Generated {
  ids: number[];
  text: string;
  /** `stop`: the model, or a text of `stop`, ended it. `length`: no more tokens were allowed. */
  finish: 'stop' | 'length';
  /** Natural log of each token's probability. */
  logprobs: number[];
}

export interface GenerateOptions {
  /** Rows that are continued at once. */
  slots?: number;
  signal?: AbortSignal;
  /** Told of each token as it comes: which request, and its text so far. */
  onToken?: (request: number, text: string, detail: TokenDetail | null) => void;
}

/** A row that is being continued. */
interface Row {
  index: number;
  request: GenerateRequest;
  ids: number[];
  logprobs: number[];
  seen: Set<number>;
  random: () => number;
  /** Tokens in the cache. */
  length: number;
}

const SLOTS = 8;

/**
 * Continues prompts of any lengths. Rows that end leave the batch and waiting ones take their place; each row's tokens are those
 * that it would have alone.
 *
 * @throws Error where a prompt leaves no room for an answer, or has tokens that the model does not, before anything is run;
 *   NotFinite where what is chosen has no probability
 */
export const generate = async (
  engine: Engine,
  requests: readonly GenerateRequest[],
  options: GenerateOptions = {},
): Promise<Generated[]> => new Generation(engine, requests, options).run();

class Generation {
  private readonly engine: Engine;
  private readonly requests: readonly GenerateRequest[];
  private readonly options: GenerateOptions;
  private readonly slots: number;
  private readonly cache: Cache;
  private readonly rows: Row[] = [];
  private readonly done: Generated[];
  private next = 0;

  constructor(engine: Engine, requests: readonly GenerateRequest[], options: GenerateOptions) {
    const prompts = requests.map(({ prompt }) => prompt);
    for (const [i, { length }] of prompts.entries())
      if (length === 0 || length >= engine.context)
        throw new Error(
          length === 0
            ? `Prompt ${i} is empty: a model continues at least one token.`
            : `Prompt ${i} has ${length} tokens; with ${engine.context} in all, no room is left for an answer.`,
        );
    checkTokens(engine, prompts, 'Prompt');
    this.engine = engine;
    this.requests = requests;
    this.options = options;
    this.slots = Math.max(1, Math.min(options.slots ?? SLOTS, requests.length));
    this.cache = cacheFor(engine, this.slots);
    this.done = new Array(requests.length);
  }

  async run(): Promise<Generated[]> {
    try {
      while (this.rows.length > 0 || this.next < this.requests.length) {
        this.options.signal?.throwIfAborted();
        if (this.rows.length < this.slots && this.next < this.requests.length) await this.admit();
        else await this.step();
      }
      return this.done;
    } finally {
      this.cache.close();
    }
  }

  /** Reads waiting prompts into free slots, those with one prompt once, and chooses their first tokens. */
  private async admit(): Promise<void> {
    const waiting = this.requests.slice(this.next, this.next + this.slots - this.rows.length);
    const entering = waiting
      .slice(0, readable(waiting.map(({ prompt }) => prompt)))
      .map((request, i) => ({ request, index: this.next + i }));
    this.next += entering.length;
    const prompts = [...new Set(entering.map(({ request }) => request.prompt))];
    const { hidden, ...present } = await this.engine.read(prompts);
    try {
      if (!hidden) throw new Error('The graph gave no hidden states.');
      await this.enter(entering, prompts, hidden, present);
    } finally {
      for (const state of Object.values(present)) state.dispose();
    }
  }

  private async enter(
    entering: readonly { request: GenerateRequest; index: number }[],
    prompts: readonly (readonly number[])[],
    hidden: Tensor,
    present: Readonly<Record<string, Tensor>>,
  ): Promise<void> {
    const width = Math.max(...prompts.map((p) => p.length));
    const lasts = prompts.map((p, r) => r * width + p.length - 1);
    const logits = await this.logits(hidden, lasts);
    this.cache.reserve(width + 1, this.rows.length);
    for (const { request, index } of entering) {
      const from = prompts.indexOf(request.prompt);
      const row: Row = {
        index,
        request,
        ids: [],
        logprobs: [],
        seen: new Set(request.prompt),
        random: seededRandom(request.seed),
        length: request.prompt.length,
      };
      this.cache.insert(this.rows.length, present, from, row.length);
      if (this.take(row, this.choose(row, rowOf(logits, from, this.engine.vocabulary)))) this.rows.push(row);
    }
  }

  /** One more token for every row. */
  private async step(): Promise<void> {
    const { rows, cache } = this;
    cache.reserve(Math.max(...rows.map((row) => row.length)) + 1, rows.length);
    const { hidden, ...present } = await this.engine.hidden(
      rows.map((row) => [row.ids.at(-1) ?? 0]),
      rows.map((row) => row.length),
      cache.states(rows.length),
    );
    if (!hidden) throw new Error('The graph gave no hidden states.');
    cache.update(
      present,
      rows.map((row) => row.length),
    );
    for (const row of rows) row.length++;
    const logits = await this.logits(
      hidden,
      rows.map((_, r) => r),
    );
    const chosen = rows.map((row, r) => this.choose(row, rowOf(logits, r, this.engine.vocabulary)));
    // From the last, so that a row that moves into a free place was seen already.
    for (let r = rows.length - 1; r >= 0; r--) {
      const row = rows[r];
      if (row && !this.take(row, chosen[r] as Chosen)) this.leave(r);
    }
  }

  private async logits(hidden: Tensor, positions: readonly number[]): Promise<Float32Array> {
    try {
      const targets = positions.map(() => 0);
      const { logits } = await this.engine.figures(hidden, positions, targets, ['logits']);
      return (logits?.data ?? new Float32Array(0)) as Float32Array;
    } finally {
      hidden.dispose();
    }
  }

  private choose(row: Row, logits: Float32Array): Chosen | TokenDetail {
    const { sampling, alternatives = 0 } = row.request;
    const chosen = choose(logits, sampling, row.seen, row.random);
    finite(chosen.logprob, () => `the log-probability of token ${row.ids.length} of answer ${row.index}`);
    return alternatives > 0 ? detailOf(logits, chosen, alternatives) : chosen;
  }

  /** Adds a token to a row; false when that ended it. */
  private take(row: Row, chosen: Chosen | TokenDetail): boolean {
    const { request } = row;
    const { id, logprob } = chosen;
    const stops = this.engine.config.stops.includes(id);
    row.ids.push(id);
    row.logprobs.push(logprob);
    row.seen.add(id);
    // A text is made at every token only for those who look at it.
    const looked = this.options.onToken !== undefined || (request.stop?.length ?? 0) > 0;
    const text = looked ? this.textOf(row, stops) : '';
    const cut = endOf(text, request.stop ?? []);
    const detail = 'alternatives' in chosen ? chosen : null;
    this.options.onToken?.(row.index, cut === null ? text : text.slice(0, cut), detail);
    const full = row.ids.length >= request.maxTokens || row.length + 1 >= this.engine.context;
    if (!stops && cut === null && !full) return true;
    this.done[row.index] = {
      ids: row.ids,
      text: cut === null ? this.textOf(row, stops) : text.slice(0, cut),
      finish: stops || cut !== null ? 'stop' : 'length',
      logprobs: row.logprobs,
    };
    return false;
  }

  private textOf({ ids }: Row, stopped: boolean): string {
    return this.engine.tokenizer.decode(stopped ? ids.slice(0, -1) : ids);
  }

  /** Takes a row out of the batch; the last one comes into its place. */
  private leave(r: number): void {
    const last = this.rows.length - 1;
    const moved = this.rows.pop();
    if (r === last || !moved) return;
    this.cache.move(last, r);
    this.rows[r] = moved;
  }
}

const rowOf = (logits: Float32Array, row: number, vocabulary: number): Float32Array =>
  logits.subarray(row * vocabulary, (row + 1) * vocabulary);

/** Where the first of the stop texts begins; null where none is there. */
const endOf = (text: string, stop: readonly string[]): number | null => {
  const places = stop.flatMap((s) => (s !== '' && text.includes(s) ? [text.indexOf(s)] : []));
  return places.length === 0 ? null : Math.min(...places);
};
