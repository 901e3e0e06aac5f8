import { CATEGORIES, type Category } from '@flywheel/domain/category';
import type { ChatCall } from './chat-call.ts';
import { draw } from './seeded-draw.ts';

/** What is true of an item. */
export interface GoldItem {
  /** 0-based; null: clean. */
  firstError: number | null;
  /** How many steps the trace has. */
  steps: number;
  category?: Category;
}

export interface GoldOptions {
  gold: (key: string) => GoldItem | undefined;
  /** Share of keys that are answered right, 0..1. */
  accuracy: number;
  seed: number;
  /** A prompt that contains this text has that accuracy instead; the highest one that applies counts. */
  lifts?: readonly { contains: string; accuracy: number }[];
  /** Chance (0..1) that a key's second, third, ... answer is drawn anew instead of repeating the first. */
  noise?: number;
}

/** The answer to one item, as the critic's default schema names its fields in the wire form. */
export interface GoldVerdict {
  firstError: number | null;
  right: boolean;
  category: Category | null;
  confidence: number;
  rationale: string;
}

export interface GoldAnswers {
  kind: 'gold';
  answer: (call: ChatCall) => string;
  /**
   * What the stub says of `key`, known before it is asked. `text` is the prompt's whole text (for `lifts`), `ask`
   * counts the answers that this key has had before (for `noise`). Throws when there is no gold for the key.
   */
  expectedVerdict: (key: string, asked?: { text?: string; ask?: number }) => GoldVerdict;
  /** Forgets how often each key was asked. */
  reset: () => void;
}

const pick = <T>(values: readonly T[], u: number): T => values[Math.floor(u * values.length)] as T;

/** Every other place that the first error could have been put: any step, or clean. */
const wrongPlaces = ({ firstError, steps }: GoldItem): (number | null)[] =>
  [null, ...Array(steps).keys()].filter((place) => place !== firstError);

/**
 * Answers that are right for a seeded share of keys, and otherwise put the first error at a wrong place; all of it
 * follows from key and seed. An item without steps can only be called clean, so it is always answered right.
 *
 * ```ts
 * const answers = goldAnswers({ gold: (key) => items.get(key), accuracy: 0.8, seed: 1 });
 * const stub = await startStubLlm({ answers, keyOf: keyByPattern('<id>(.+?)</id>') });
 * answers.expectedVerdict('item-7'); // { firstError: 2, right: true, ... }, and so the figures of a run are known
 * ```
 */
export const goldAnswers = ({ gold, accuracy, seed, lifts = [], noise = 0 }: GoldOptions): GoldAnswers => {
  const asks = new Map<string, number>();

  const expectedVerdict: GoldAnswers['expectedVerdict'] = (key, { text = '', ask = 0 } = {}) => {
    const item = gold(key);
    if (!item)
      throw new Error(`no gold for the key ${JSON.stringify(key)}: give it to goldAnswers, or mend keyOf`);
    let share = accuracy;
    for (const lift of lifts)
      if (lift.accuracy > share && text.includes(lift.contains)) share = lift.accuracy;
    const turn = ask > 0 && draw(seed, `anew ${ask} ${key}`) < noise ? ask : 0;
    const wrong = wrongPlaces(item);
    const right = wrong.length === 0 || draw(seed, `right ${turn} ${key}`) < share;
    const firstError = right ? item.firstError : pick(wrong, draw(seed, `place ${turn} ${key}`));
    const category =
      firstError === null
        ? null
        : ((right ? item.category : undefined) ?? pick(CATEGORIES, draw(seed, `category ${key}`)).id);
    const low = right ? 0.6 : 0.3;
    const confidence = Math.round(100 * (low + 0.4 * draw(seed, `confidence ${turn} ${key}`))) / 100;
    const rationale =
      firstError !== null
        ? `The first step that does not follow is [S${firstError}].`
        : `Each step follows${item.steps > 0 ? `, up to the last, [S${item.steps - 1}]` : ''}.`;
    return { firstError, right, category, confidence, rationale };
  };

  return {
    kind: 'gold',
    expectedVerdict,
    answer: ({ key, text }) => {
      if (key === undefined) throw new Error('keyOf found no key in the prompt: mend keyOf, or the prompt');
      const ask = asks.get(key) ?? 0;
      asks.set(key, ask + 1);
      const { firstError, category, confidence, rationale } = expectedVerdict(key, { text, ask });
      return JSON.stringify({ first_error: firstError, category, confidence, rationale });
    },
    reset: () => asks.clear(),
  };
};
