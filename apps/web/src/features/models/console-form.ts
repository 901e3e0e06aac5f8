import type { ChatMessage } from '@flywheel/domain/chat';
import type { Ask } from './console-run.ts';
import { NUMBERS, type NumberName, numberProblem } from './launch-fields.ts';

/** `chat`: a message in a conversation; `text`: go on with a text; `read`: how surprising is a text? */
export type Mode = 'chat' | 'text' | 'read';

export type ConsoleNumber = Exclude<NumberName, 'bound'>;

/** What the console asks with, as it is typed. */
export interface ConsoleForm {
  mode: Mode;
  system: string;
  text: string;
  numbers: Readonly<Record<ConsoleNumber, string>>;
  /** Texts that end an answer, one a line; `\n` stands for a line break. */
  stop: string;
}

/** Greedy, once: what a model says by itself comes first. */
const INITIAL: Partial<Record<ConsoleNumber, string>> = {
  n: '1',
  temperature: '0',
  topP: '1',
  maxTokens: '128',
};

/** The fields of a console, those that are seldom changed last. */
export const FIELDS = (
  ['temperature', 'n', 'maxTokens', 'seed', 'topP', 'topK', 'minP', 'repetitionPenalty'] as const
).map((name) => {
  const spec = NUMBERS.find((n) => n.name === name);
  if (!spec) throw new Error(`There is no field ${name}.`);
  return { ...spec, name, label: name === 'n' ? 'Samples' : spec.label };
});

/** So many of them are always seen. */
export const SEEN = 4;

export const emptyForm = (chat: boolean): ConsoleForm => ({
  mode: chat ? 'chat' : 'text',
  system: '',
  text: '',
  numbers: Object.fromEntries(
    FIELDS.map(({ name, initial }) => [name, INITIAL[name] ?? String(initial)]),
  ) as ConsoleForm['numbers'],
  stop: '',
});

/** Whether it can be asked as it stands. */
export const isWhole = (form: ConsoleForm): boolean =>
  form.text.trim() !== '' &&
  (form.mode === 'read' || FIELDS.every((f) => numberProblem(f, form.numbers[f.name]) === ''));

/** What a whole form asks, after what was said before. */
export const askOf = (
  { mode, system, text, numbers, stop }: ConsoleForm,
  turns: readonly ChatMessage[],
): Ask => {
  const n = (name: ConsoleNumber): number => Number(numbers[name]);
  return {
    prompt:
      mode === 'chat'
        ? {
            kind: 'chat',
            messages: [
              ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]),
              ...turns,
              { role: 'user', content: text },
            ],
          }
        : { kind: 'text', text },
    sampling: {
      temperature: n('temperature'),
      topP: n('topP'),
      topK: n('topK'),
      minP: n('minP'),
      repetitionPenalty: n('repetitionPenalty'),
    },
    maxTokens: n('maxTokens'),
    stop: stop
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replaceAll('\\n', '\n')),
    seed: n('seed'),
    n: n('n'),
  };
};
