import type { ChatAnswer } from '@flywheel/domain/chat';
import { CriticBody, type CriticId, type CriticSummary, type CriticVersion } from '@flywheel/domain/critic';
import type { ParsedAnswer } from '@flywheel/domain/critique';
import type { TraceId } from '@flywheel/domain/ids';
import { parseQuery } from '@flywheel/domain/query/parse';
import type { TraceText } from '@flywheel/domain/trace';
import { type CriticContext, criticContext } from '@flywheel/judges/critic/context';
import { criticHash } from '@flywheel/judges/critic/critic-hash';
import { STARTERS } from '@flywheel/judges/critic/default-critic';
import { pickExamples } from '@flywheel/judges/critic/examples';
import { parseAnswer } from '@flywheel/judges/critic/parse-answer';
import { GaveUp } from '@flywheel/providers/desk';
import { UserError } from '../errors.ts';
import { EventQueue } from './event-queue.ts';
import { type CritiqueParts, questioner } from './open-critique.ts';

const EXAMPLE_POOL = 400;

export interface TryRequest {
  body: CriticBody;
  provider: string;
  model: string;
  trace: TraceId;
  /** Asks again, though the answer is kept. */
  fresh: boolean;
}

/** What a try tells as it goes. */
export type TryEvent =
  | { type: 'text'; delta: string }
  | {
      type: 'done';
      answer: ChatAnswer;
      parsed: ParsedAnswer;
      cached: boolean;
      cost: number | null;
      queueMs: number;
    }
  | { type: 'failed'; cause: string; message: string; remedy: string };

/** Critics, their versions, and single questions asked of a draft. */
export const criticService = ({ store, providers }: CritiqueParts) => {
  const traceOf = async (id: TraceId): Promise<TraceText> => {
    const seq = (await store.traces.open(id))?.row.seq;
    const [text] = seq === undefined ? [] : await store.traces.texts(Uint32Array.of(seq));
    if (!text) throw new UserError(`There is no trace ${id}.`, 'NOT_FOUND');
    return text;
  };

  return {
    starters: () => STARTERS,
    list: (): Promise<CriticSummary[]> => store.critics.list(),

    get: async (critic: CriticId) => {
      const versions = await store.critics.versions(critic);
      if (versions.length === 0) throw new UserError(`There is no critic ${critic}.`, 'NOT_FOUND');
      const everything = parseQuery('').query;
      const [pins, testUses, gold] = await Promise.all([
        store.pins.list(critic),
        store.gold.testUses(critic),
        store.gold.counts(everything),
      ]);
      return { versions, pins, testUses, gold };
    },

    /** Keeps a body as a version; an equal body is the version that is there. */
    save: (
      critic: CriticId,
      draft: CriticBody,
      title: string,
      parent: number | null,
    ): Promise<CriticVersion> => {
      const body = CriticBody.parse(draft);
      return store.critics.save({ critic, body, hash: criticHash(body), title, parent });
    },

    archive: (critic: CriticId, archived: boolean) => store.critics.archive(critic, archived),

    pins: store.pins,

    /** What the templates see of a trace, with the examples that a draft's policy gives it. */
    context: async (trace: TraceId, policy: CriticBody['examples']): Promise<CriticContext> => {
      const text = await traceOf(trace);
      const gold =
        policy.n === 0
          ? []
          : await store.gold.traces({ split: 'train', limit: EXAMPLE_POOL, seed: policy.seed });
      return criticContext(text, pickExamples(policy, text, gold));
    },

    /** Asks a draft about one trace, telling the text as it comes. */
    async *try(request: TryRequest, signal: AbortSignal): AsyncGenerator<TryEvent> {
      const provider = await providers.need(request.provider);
      const trace = await traceOf(request.trace);
      const ask = await questioner(store, CriticBody.parse(request.body), request.model);
      const events = new EventQueue<TryEvent>();
      const question = {
        request: ask(trace),
        provider,
        key: await providers.keyOf(provider),
        repetition: 0,
        caller: 'workbench',
        priority: 'high' as const,
        limit: null,
        signal,
        fresh: request.fresh,
        onText: (delta: string) => events.push({ type: 'text', delta }),
      };
      providers.desk.ask(question).then(
        ({ answer, cached, cost, queueMs }) => {
          const parsed = parseAnswer(answer.text, answer.finish, request.body.schema, trace.steps.length);
          events.push({ type: 'done', answer, parsed, cached, cost, queueMs });
          events.end();
        },
        (error) => {
          if (!(error instanceof GaveUp)) return events.fail(error);
          const { failure, message, remedy } = error.failure;
          events.push({ type: 'failed', cause: failure, message, remedy });
          events.end();
        },
      );
      yield* events;
    },
  };
};

export type CriticService = ReturnType<typeof criticService>;
