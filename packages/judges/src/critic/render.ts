import type { ChatMessage } from '@flywheel/domain/chat';
import type { CriticBody } from '@flywheel/domain/critic';
import type { Environment as Minijinja } from 'minijinja-js';
import type { CriticContext } from './context.ts';

export type TemplatePart = 'system' | 'user';

/** A template that cannot be rendered: what is wrong, and in which part and line (1-based; null where that is not known). */
export class TemplateError extends Error {
  readonly part: TemplatePart;
  readonly line: number | null;
  /** 0-based, half-open, in that line; null where only the line is known. */
  readonly column: number | null;
  readonly endColumn: number | null;

  constructor(
    part: TemplatePart,
    at: { line: number | null; column: number | null; endColumn: number | null },
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TemplateError';
    this.part = part;
    this.line = at.line;
    this.column = at.column;
    this.endColumn = at.endColumn;
  }
}

/** Steps of the template engine that one rendering may take: an endless loop ends with an error. */
const FUEL = 2_000_000;
const KEPT = 64;
/** What begins anything that is not plain text. */
const TAG = /\{[{%#]/;

interface Known {
  name: string;
  /** What it always renders to, where it has no tag: most of its time would go to carrying the context over to the engine. */
  fixed: string | null;
}

/**
 * Renders critics' templates with minijinja: Jinja as in Python, without access to files or the host. An undefined variable
 * renders as nothing (`analyse` warns of it). Texts are data and stay as they are: nothing is escaped.
 */
export class CriticTemplates {
  private readonly engine: Minijinja;
  /** Templates by their source, oldest first. */
  private readonly known = new Map<string, Known>();
  private counter = 0;

  constructor(Environment: new () => Minijinja) {
    this.engine = new Environment();
    this.engine.undefinedBehavior = 'lenient';
    this.engine.keepTrailingNewline = false;
    this.engine.trimBlocks = true;
    this.engine.lstripBlocks = true;
    this.engine.fuel = FUEL;
  }

  /** The messages to send; an empty system template gives none. @throws TemplateError */
  render({ system, user }: Pick<CriticBody, 'system' | 'user'>, context: CriticContext): ChatMessage[] {
    const messages: ChatMessage[] = [];
    const first = this.one('system', system, context);
    if (first.trim() !== '') messages.push({ role: 'system', content: first });
    messages.push({ role: 'user', content: this.one('user', user, context) });
    return messages;
  }

  /** The syntax error of a template as the engine sees it; null: none. Renders nothing. */
  check(part: TemplatePart, source: string): TemplateError | null {
    try {
      this.knownAs(source);
      return null;
    } catch (error) {
      return explained(part, error);
    }
  }

  private one(part: TemplatePart, source: string, context: CriticContext): string {
    try {
      const { name, fixed } = this.knownAs(source);
      return fixed ?? this.engine.renderTemplate(name, context);
    } catch (error) {
      throw explained(part, error);
    }
  }

  private knownAs(source: string): Known {
    const known = this.known.get(source);
    if (known !== undefined) return known;
    // The suffix says that nothing is to be escaped.
    const name = `critic-${this.counter++}.txt`;
    this.engine.addTemplate(name, source);
    const made = { name, fixed: TAG.test(source) ? null : this.engine.renderTemplate(name, {}) };
    this.known.set(source, made);
    for (const [old, { name: oldName }] of this.known) {
      if (this.known.size <= KEPT) break;
      this.known.delete(old);
      this.engine.removeTemplate(oldName);
    }
    return made;
  }
}

/** minijinja's words, without the names that we gave. */
const explained = (part: TemplatePart, error: unknown): TemplateError => {
  const said = error instanceof Error ? error.message : String(error);
  const line = /\(in critic-\d+\.txt:(\d+)\)/.exec(said)?.[1];
  const [what = said] = said.replace(/\s*\(in critic-\d+\.txt(:\d+)?\)/g, '').split('\n');
  const message = /engine ran out of fuel/i.test(what)
    ? 'The template takes too long: it may never end.'
    : what.trim();
  const marks = /^ {5}i (?<before> *)(?<carets>\^+)/m.exec(said)?.groups;
  const column = marks ? (marks.before ?? '').length : null;
  return new TemplateError(
    part,
    {
      line: line === undefined ? null : Number(line),
      column,
      endColumn: column === null ? null : column + (marks?.carets ?? '').length,
    },
    message,
    { cause: error },
  );
};
