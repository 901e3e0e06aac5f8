import type { Extractor, MetricName } from './command-trainer.ts';
import { type Figures, printedNumber } from './metric.ts';
import { parsePythonJson } from './python-json.ts';

/** Longer lines are not searched: no trainer writes its figures behind so much text. In characters. */
const SEARCHED = 4_096;

type Reader = (line: string) => Figures;

const at = (value: unknown, path: readonly string[]): unknown => {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
};

const regexReader = (pattern: string): Reader => {
  const expression = new RegExp(pattern);
  return (line) => {
    const figures: Figures = {};
    for (const [name, text] of Object.entries(expression.exec(line)?.groups ?? {})) {
      const value = printedNumber(text);
      if (value !== undefined) figures[name as MetricName] = value;
    }
    return figures;
  };
};

const jsonReader = (paths: Partial<Record<MetricName, string>>): Reader => {
  const wanted = Object.entries(paths).map(([name, path]) => [name, path.split('.')] as const);
  return (line) => {
    const text = line.trim();
    if (!text.startsWith('{') || !text.endsWith('}')) return {};
    let value: unknown;
    try {
      value = parsePythonJson(text);
    } catch {
      return {};
    }
    const figures: Figures = {};
    for (const [name, path] of wanted) {
      const number = printedNumber(at(value, path));
      if (number !== undefined) figures[name as MetricName] = number;
    }
    return figures;
  };
};

/** Reads a line with all of the extractors that read lines; the first that finds a figure gives it. Never throws. */
export const lineReader = (extractors: readonly Extractor[]): Reader => {
  const readers = extractors.flatMap((e) =>
    e.kind === 'regex' ? [regexReader(e.pattern)] : e.kind === 'json' ? [jsonReader(e.paths)] : [],
  );
  return (line) => {
    if (line.length > SEARCHED) return {};
    return readers.reduceRight<Figures>((found, read) => ({ ...found, ...read(line) }), {});
  };
};
