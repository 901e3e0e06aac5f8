import { defaultFrame, type PromptFrame, type SampleFrom } from '@flywheel/domain/local-run';
import type { LocalModel } from '@flywheel/domain/model';
import type { LocalLaunch } from './server.ts';

export type LocalKind = LocalLaunch['kind'];

/** What a link or a button asks to begin with. */
export interface Prefill {
  kind?: LocalKind;
  model?: string;
  query?: string;
  from?: SampleFrom;
  n?: number;
}

/** A launch of a link; null where it is none. What it says wrongly is left out. */
export const readPrefill = (text: string | null): Prefill | null => {
  if (text === null) return null;
  try {
    const given: unknown = JSON.parse(text);
    if (typeof given !== 'object' || given === null) return null;
    const { kind, model, query, from, n } = given as Record<string, unknown>;
    const step = typeof from === 'object' && from !== null ? (from as Record<string, unknown>) : {};
    return {
      ...((kind === 'score' || kind === 'sample' || kind === 'step-label') && { kind }),
      ...(typeof model === 'string' && { model }),
      ...(typeof query === 'string' && { query }),
      ...(typeof n === 'number' && Number.isInteger(n) && { n }),
      ...(step.kind === 'flaw' && { from: { kind: 'flaw' } }),
      ...(step.kind === 'step' &&
        Number.isInteger(step.step) && { from: { kind: 'step', step: Number(step.step) } }),
    };
  } catch {
    return null;
  }
};

export type NumberName =
  | 'n'
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'minP'
  | 'repetitionPenalty'
  | 'maxTokens'
  | 'seed'
  | 'bound';

interface NumberSpec {
  name: NumberName;
  label: string;
  min: number;
  max: number;
  whole: boolean;
  initial: number;
  of: readonly LocalKind[];
}

const DRAWING: readonly LocalKind[] = ['sample', 'step-label'];

export const NUMBERS: readonly NumberSpec[] = [
  { name: 'n', label: 'Samples of each', min: 1, max: 64, whole: true, initial: 4, of: DRAWING },
  { name: 'temperature', label: 'Temperature', min: 0, max: 5, whole: false, initial: 0.8, of: DRAWING },
  { name: 'topP', label: 'Top-p', min: 0.01, max: 1, whole: false, initial: 0.95, of: DRAWING },
  { name: 'topK', label: 'Top-k, 0 for all', min: 0, max: 1_000_000, whole: true, initial: 0, of: DRAWING },
  { name: 'minP', label: 'Min-p', min: 0, max: 1, whole: false, initial: 0, of: DRAWING },
  {
    name: 'repetitionPenalty',
    label: 'Repetition penalty',
    min: 0.5,
    max: 2,
    whole: false,
    initial: 1,
    of: DRAWING,
  },
  { name: 'maxTokens', label: 'Most tokens', min: 1, max: 8_192, whole: true, initial: 256, of: DRAWING },
  { name: 'seed', label: 'Seed', min: 0, max: 2 ** 31, whole: true, initial: 1, of: DRAWING },
  { name: 'bound', label: 'Enough, 0 to 1', min: 0, max: 1, whole: false, initial: 0.5, of: ['step-label'] },
];

export type Numbers = Readonly<Record<NumberName, string>>;

export const numbersOf = (prefill: Prefill): Numbers =>
  Object.fromEntries(
    NUMBERS.map(({ name, initial }) => [name, String((name === 'n' && prefill.n) || initial)]),
  ) as Numbers;

/** Why a number cannot be taken; '' where it can. */
export const numberProblem = ({ min, max, whole }: NumberSpec, text: string): string => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return 'Give a number.';
  if (whole && !Number.isInteger(value)) return 'Give a whole number.';
  return value < min || value > max ? `From ${min} to ${max.toLocaleString('en')}.` : '';
};

export type Place = 'worker' | 'web-wasm' | 'web-webgpu';

/** The form as it stands. */
export interface Form {
  kind: LocalKind;
  model: string;
  precision: string;
  query: string;
  place: Place;
  chat: boolean;
  system: string;
  prompt: string;
  from: SampleFrom;
  estimate: 'hard' | 'soft';
  numbers: Numbers;
}

export const promptText = (frame: PromptFrame): string => (frame.kind === 'chat' ? frame.user : frame.text);

export const formOf = (prefill: Prefill, models: readonly LocalModel[], loaded: string | null): Form => {
  const model =
    models.find((m) => m.id === prefill.model) ?? models.find((m) => m.id === loaded) ?? models[0];
  const chat = model?.chat ?? false;
  return {
    kind: prefill.kind ?? 'score',
    model: model?.id ?? '',
    precision: model?.variants[0]?.precision ?? '',
    query: prefill.query ?? '',
    place: 'worker',
    chat,
    system: '',
    prompt: promptText(defaultFrame(chat)),
    from: prefill.from ?? { kind: 'start' },
    estimate: 'hard',
    numbers: numbersOf(prefill),
  };
};

/** What the form asks for, as the server takes it. */
export const launchOf = (form: Form): LocalLaunch => {
  const { kind, query, numbers, chat, system, prompt } = form;
  const base = {
    model: form.model as LocalModel['id'],
    precision: form.precision,
    executor: form.place === 'worker' ? ('worker' as const) : ('browser' as const),
    frame: chat ? { kind: 'chat' as const, system, user: prompt } : { kind: 'text' as const, text: prompt },
    query,
  };
  if (kind === 'score') return { kind, ...base };
  const n = (name: NumberName): number => Number(numbers[name]);
  const drawing = {
    n: n('n'),
    sampling: {
      temperature: n('temperature'),
      topP: n('topP'),
      topK: n('topK'),
      minP: n('minP'),
      repetitionPenalty: n('repetitionPenalty'),
    },
    maxTokens: n('maxTokens'),
    stop: [],
    seed: n('seed'),
  };
  return kind === 'sample'
    ? { kind, ...base, ...drawing, from: form.from }
    : { kind, ...base, ...drawing, estimate: form.estimate, bound: n('bound') };
};
