import type { GoldTrace } from '@flywheel/domain/gold-trace';
import type { Candidate, ImprovedPart, Proposal, Search } from '@flywheel/domain/improve';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { figuresOf, shareRight } from './dev-figures.ts';
import { minibatches } from './minibatches.ts';
import { drawWeighted, paretoWeights } from './pareto.ts';
import { type Lesson, proposedPrompt, reflectionPrompt, rewritePrompt } from './reflection.ts';

export type Prompts = Pick<Candidate, 'system' | 'user'>;

/** What a search asks of the rest. Both throw only what must end the search. */
export interface SearchPorts {
  /** What a prompt says of a trace. */
  judge(prompts: Prompts, item: GoldTrace): Promise<Pick<Lesson, 'verdict' | 'said'>>;
  /** An answer of the model that writes prompts; `turn` tells equal questions apart. null: none came. */
  write(prompt: string, turn: number): Promise<string | null>;
  /** Why a prompt cannot be used; null where it can. */
  invalid(prompts: Prompts): string | null;
  /** Told after every step: the search so far. */
  progress(search: Search): void;
}

export interface SearchOptions {
  /** `reflect`: GEPA. `rewrite`: its baseline, which sees no failures and goes on from any candidate. */
  mode: 'reflect' | 'rewrite';
  base: Prompts;
  train: readonly GoldTrace[];
  dev: readonly GoldTrace[];
  calls: number;
  minibatch: number;
  seed: number;
}

/** Proposals in a row that asked nothing, after which a search has nothing left to learn. */
const IDLE = 200;

/**
 * Looks for a prompt that judges better, by GEPA's loop (Agrawal et al. 2025, arXiv 2507.19457, algorithm 1): go on from a
 * candidate of the Pareto front over the dev traces, show a model what it did on a minibatch of train, take what the model
 * writes only if it is strictly better on that minibatch, and then measure it on all of dev. Never asks more than `calls`.
 * The same way for the same seed and answers.
 */
export const searchPrompts = (ports: SearchPorts, options: SearchOptions): Promise<Search> =>
  new PromptSearch(ports, options).run();

class PromptSearch {
  private readonly ports: SearchPorts;
  private readonly options: SearchOptions;
  private readonly random: () => number;
  private readonly nextBatch: () => number[];
  private readonly search: Search = { candidates: [], proposals: [], best: 0, calls: 0 };
  /** Lessons by candidate and train trace. */
  private readonly seen = new Map<string, Lesson>();
  private readonly turnOf = new Map<number, number>();

  constructor(ports: SearchPorts, options: SearchOptions) {
    this.ports = ports;
    this.options = options;
    this.random = seededRandom(options.seed);
    this.nextBatch = minibatches(options.train.length, options.minibatch, this.random);
  }

  async run(): Promise<Search> {
    const { base, dev, calls } = this.options;
    if (dev.length > calls) return this.search;
    await this.admit(base, null, null);
    for (let idle = 0; idle < IDLE; ) {
      const before = this.search.calls;
      if (!(await this.propose())) break;
      this.ports.progress(this.search);
      idle = this.search.calls === before ? idle + 1 : 0;
    }
    return this.search;
  }

  /** One attempt; false where the calls that are left do not reach for it. */
  private async propose(): Promise<boolean> {
    const { train } = this.options;
    const parent = this.chooseParent();
    const batch = this.nextBatch().flatMap((i) => train[i] ?? []);
    const unseen = batch.filter((item) => !this.seen.has(keyOf(parent.id, item))).length;
    if (this.left < unseen + 1 + batch.length) return false;
    const lessons = await this.lessons(parent, parent.id, batch);
    const before = rightOf(lessons);
    // A batch without a failure has nothing to teach.
    if (this.options.mode === 'reflect' && before === batch.length) return true;
    const part = this.choosePart(parent);
    const note = (rest: Pick<Proposal, 'after' | 'outcome' | 'reason'>): true => {
      const traces = batch.map((item) => item.trace.id);
      this.search.proposals.push({
        parent: parent.id,
        part,
        traces,
        before,
        ...rest,
        atCall: this.search.calls,
      });
      return true;
    };
    const written = await this.write(part, parent[part], lessons);
    if (written === null)
      return note({
        after: null,
        outcome: 'no-answer',
        reason: 'The answer holds no prompt between fences.',
      });
    const prompts = { system: parent.system, user: parent.user, [part]: written };
    const reason = this.ports.invalid(prompts);
    if (reason !== null) return note({ after: null, outcome: 'invalid', reason });
    const id = this.search.candidates.length;
    const tried = await this.lessons(prompts, null, batch);
    const after = rightOf(tried);
    if (after <= before) return note({ after, outcome: 'not-better', reason: null });
    if (this.left < this.options.dev.length) return false;
    note({ after, outcome: 'accepted', reason: null });
    for (const lesson of tried) this.seen.set(keyOf(id, lesson.gold), lesson);
    await this.admit(prompts, parent.id, part);
    return true;
  }

  private chooseParent(): Candidate {
    const { candidates } = this.search;
    const { dev, mode } = this.options;
    const scores = candidates.map((c) => c.verdicts.map((v, i) => (v === dev[i]?.gold ? 1 : 0)));
    const weights = mode === 'reflect' ? paretoWeights(scores) : candidates.map(() => 1);
    return candidates[drawWeighted(weights, this.random)] as Candidate;
  }

  /** Parts by turns, each candidate's own; an empty one is not rewritten. */
  private choosePart(parent: Candidate): ImprovedPart {
    const parts = (['system', 'user'] as const).filter((part) => parent[part].trim() !== '');
    const turn = this.turnOf.get(parent.id) ?? 0;
    this.turnOf.set(parent.id, turn + 1);
    return parts[turn % parts.length] ?? 'user';
  }

  private async write(part: ImprovedPart, current: string, lessons: Lesson[]): Promise<string | null> {
    this.search.calls++;
    const prompt =
      this.options.mode === 'reflect'
        ? reflectionPrompt(part, current, lessons)
        : rewritePrompt(part, current);
    const answer = await this.ports.write(prompt, this.search.proposals.length);
    return answer === null ? null : proposedPrompt(answer);
  }

  /** What prompts say of traces; those of a candidate are asked once. */
  private lessons(
    prompts: Prompts,
    candidate: number | null,
    items: readonly GoldTrace[],
  ): Promise<Lesson[]> {
    return Promise.all(
      items.map(async (gold) => {
        const key = candidate === null ? null : keyOf(candidate, gold);
        const known = key === null ? undefined : this.seen.get(key);
        if (known) return known;
        this.search.calls++;
        const lesson = { gold, ...(await this.ports.judge(prompts, gold)) };
        if (key !== null) this.seen.set(key, lesson);
        return lesson;
      }),
    );
  }

  /** Measures prompts on dev and takes them into the pool. */
  private async admit(prompts: Prompts, parent: number | null, part: ImprovedPart | null): Promise<void> {
    const { dev } = this.options;
    const verdicts = (await this.lessons(prompts, null, dev)).map((lesson) => lesson.verdict);
    const figures = figuresOf(verdicts, dev);
    const { candidates, calls } = this.search;
    const { system, user } = prompts;
    const candidate = {
      id: candidates.length,
      parent,
      part,
      system,
      user,
      verdicts,
      ...figures,
      atCall: calls,
    };
    candidates.push(candidate);
    if (this.scoreOf(candidate) > this.scoreOf(candidates[this.search.best] ?? candidate))
      this.search.best = candidate.id;
    this.ports.progress(this.search);
  }

  /** F1; the share of right verdicts where gold is all of one kind. */
  private scoreOf({ f1, verdicts }: Candidate): number {
    return f1 ?? shareRight(verdicts, this.options.dev) ?? 0;
  }

  private get left(): number {
    return this.options.calls - this.search.calls;
  }
}

const keyOf = (candidate: number, item: GoldTrace): string => `${candidate} ${item.trace.id}`;
const rightOf = (lessons: readonly Lesson[]): number =>
  lessons.filter((l) => l.verdict === l.gold.gold).length;
