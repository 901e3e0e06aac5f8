import type { CriticContext } from './context.ts';
import type { Token } from './tokens.ts';

/** What a template may name where nothing says what it holds. */
export const UNKNOWN: unique symbol = Symbol('unknown value');

/** Stands for a real sample while none is chosen: its shape is that of every trace. */
const step = { index: 0, text: '' };
const SHAPE: CriticContext = {
  problem: { prompt: '', task: '' },
  trace: { id: '', model: '', answer: '', text: '' },
  steps: [step],
  reference: { answer: '' },
  examples: [
    { problem: '', steps: [step], trace: '', answer: '', first_error: 0, category: null, rationale: '' },
  ],
};

const LOOP = {
  index: 1,
  index0: 0,
  revindex: 1,
  revindex0: 0,
  first: true,
  last: true,
  length: 1,
  depth: 1,
  depth0: 0,
  previtem: UNKNOWN,
  nextitem: UNKNOWN,
  changed: UNKNOWN,
  cycle: UNKNOWN,
};

/** The sample's variables; what the sample lacks (a reference, examples) with the shape that it would have. */
export const variablesOf = (sample?: CriticContext): ReadonlyMap<string, unknown> => {
  const shown = { ...SHAPE, ...sample };
  if (shown.examples.length === 0) shown.examples = SHAPE.examples;
  if (shown.steps.length === 0) shown.steps = SHAPE.steps;
  return new Map<string, unknown>(Object.entries(shown));
};

interface Frame {
  tag: string;
  names: Map<string, unknown>;
  /** Names that this block asks for before it uses them. */
  guarded: Set<string>;
}

const BLOCKS = new Set(['for', 'if', 'with', 'macro', 'set', 'filter', 'call', 'block', 'autoescape', 'raw']);
const KEEPS_ELEMENTS = new Set(['list', 'sort', 'reverse', 'unique', 'select', 'reject', 'slice']);

/** Variables in scope while a template is walked tag by tag. */
export class Scope {
  private readonly frames: Frame[];

  constructor(sample?: CriticContext) {
    this.frames = [{ tag: '', names: new Map(variablesOf(sample)), guarded: new Set() }];
  }

  has(name: string): boolean {
    return this.frames.some((f) => f.names.has(name));
  }

  guards(name: string): boolean {
    return this.frames.some((f) => f.guarded.has(name));
  }

  /** Every name in scope with its value, the innermost first. */
  names(): Map<string, unknown> {
    return new Map(this.frames.flatMap((f) => [...f.names]));
  }

  value(name: string): unknown {
    const frame = this.frames.findLast((f) => f.names.has(name));
    return frame ? frame.names.get(name) : UNKNOWN;
  }

  /** The value of a path like `steps[0].text` that begins at token `i`; UNKNOWN where it cannot be told. */
  path(tokens: readonly Token[], i: number): { value: unknown; next: number } {
    let value = this.value(tokens[i]?.text ?? '');
    let next = i + 1;
    for (;;) {
      const [a, b, c] = tokens.slice(next, next + 3);
      if (a?.text === '.' && b?.kind === 'name') {
        value = member(value, b.text);
        next += 2;
      } else if (a?.text === '[' && b && c?.text === ']') {
        value = b.kind === 'string' ? member(value, b.text.slice(1, -1)) : elementOf(value);
        next += 3;
      } else return { value, next };
    }
  }

  /** Takes the tag's names in, or ends the block that it ends. `tokens`: what stands between `{%` and `%}`. */
  enter(tokens: readonly Token[]): void {
    const tag = tokens[0]?.text ?? '';
    if (tag.startsWith('end') && BLOCKS.has(tag.slice(3))) {
      const open = this.frames.findLastIndex((f) => f.tag === tag.slice(3));
      if (open > 0) this.frames.length = open;
      return;
    }
    if (tag === 'set' && tokens.some((t) => t.text === '=')) {
      for (const name of namesBefore(tokens, '=')) this.top().names.set(name, UNKNOWN);
      return;
    }
    if (tag === 'set' || tag === 'macro') this.top().names.set(tokens[1]?.text ?? '', UNKNOWN);
    if (tag === 'elif') for (const name of guardedIn(tokens)) this.top().guarded.add(name);
    if (!BLOCKS.has(tag)) return;
    const frame: Frame = { tag, names: new Map(), guarded: guardedIn(tokens) };
    if (tag === 'for') this.loop(frame, tokens);
    if (tag === 'macro' || tag === 'call')
      for (const t of tokens.slice(2)) if (t.kind === 'name') frame.names.set(t.text, UNKNOWN);
    if (tag === 'macro') frame.names.set('caller', UNKNOWN);
    if (tag === 'with')
      tokens.forEach((t, i) => {
        if (tokens[i + 1]?.text === '=') frame.names.set(t.text, this.path(tokens, i + 2).value);
      });
    this.frames.push(frame);
  }

  private loop(frame: Frame, tokens: readonly Token[]): void {
    const targets = namesBefore(tokens, 'in');
    const from = tokens.findIndex((t) => t.text === 'in') + 1;
    const { value, next } = this.path(tokens, from);
    const slice = tokens[next]?.text === '[' && tokens.slice(next).some((t) => t.text === ':');
    const after = slice ? tokens.findIndex((t, i) => i > next && t.text === ']') + 1 : next;
    const pipe = tokens[after];
    const plain =
      pipe === undefined ||
      pipe.text === 'if' ||
      pipe.text === 'recursive' ||
      (pipe.text === '|' && KEEPS_ELEMENTS.has(tokens[after + 1]?.text ?? ''));
    for (const name of targets)
      frame.names.set(name, targets.length === 1 && plain && from > 0 ? elementOf(value) : UNKNOWN);
    frame.names.set('loop', LOOP);
  }

  private top(): Frame {
    return this.frames.at(-1) as Frame;
  }
}

/** `value.name`; undefined where the value is known and has no such member. */
export const member = (value: unknown, name: string): unknown => {
  if (value === UNKNOWN || value === null || value === undefined) return UNKNOWN;
  if (typeof value !== 'object') return UNKNOWN;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
};

const elementOf = (value: unknown): unknown =>
  Array.isArray(value) && value.length > 0 ? value[0] : UNKNOWN;

const namesBefore = (tokens: readonly Token[], word: string): string[] => {
  const end = tokens.findIndex((t) => t.text === word);
  return tokens
    .slice(1, end < 0 ? undefined : end)
    .filter((t) => t.kind === 'name')
    .map((t) => t.text);
};

/** Names that a condition asks for, as in `if reference is defined` or `if reference`. */
const guardedIn = (tokens: readonly Token[]): Set<string> =>
  tokens[0]?.text === 'if' || tokens[0]?.text === 'elif'
    ? new Set(tokens.filter((t, i) => t.kind === 'name' && tokens[i + 1]?.text === 'is').map((t) => t.text))
    : new Set();
