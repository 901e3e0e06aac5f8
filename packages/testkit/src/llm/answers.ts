import type { ChatCall } from './chat-call.ts';
import { type GoldAnswers, type GoldItem, type GoldOptions, goldAnswers } from './gold-answers.ts';
import { reflect } from './reflection.ts';

/** Answers that can be written as JSON, as the child process takes them. */
export type AnswersJson =
  | { kind: 'text'; text: string }
  /** The longest user message back. */
  | { kind: 'echo' }
  /** An improved prompt, for a prompt optimiser: see `reflection.ts`. */
  | { kind: 'reflection'; advice: string[] }
  | ({ kind: 'gold-map'; gold: Record<string, GoldItem> } & Omit<GoldOptions, 'gold'>);

/** What the stub says. A function is for use in the same process; what it throws reaches the caller as a 400. */
export type Answers = AnswersJson | GoldAnswers | ((call: ChatCall) => string);

/** The function that an answer type stands for, and how to forget what it has counted. */
export interface Answerer {
  answer: (call: ChatCall) => string;
  reset: () => void;
}

const nothing = (): void => {};

export const answererOf = (answers: Answers): Answerer => {
  if (typeof answers === 'function') return { answer: answers, reset: nothing };
  switch (answers.kind) {
    case 'text':
      return { answer: () => answers.text, reset: nothing };
    case 'echo':
      return { answer: (call) => call.prompt, reset: nothing };
    case 'reflection':
      return { answer: (call) => reflect(call.text, answers.advice), reset: nothing };
    case 'gold':
      return answers;
    case 'gold-map': {
      const gold = new Map(Object.entries(answers.gold));
      return goldAnswers({ ...answers, gold: (key) => gold.get(key) });
    }
    default:
      throw new Error(`no answers are called ${JSON.stringify(answers satisfies never)}`);
  }
};
