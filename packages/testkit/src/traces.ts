import type { IngestTrace } from '@flywheel/domain/ingest';
import { seededRandom } from '@flywheel/domain/metrics/random';

export const hexId = (n: number): string => n.toString(16).padStart(16, '0');

/**
 * `n` traces of sums, the same for a seed: three models attempt each problem, two to five steps each with a calculation
 * annotation (`<<3+4=7>>`), one in five of them false. Ids are `hexId(1)` .. `hexId(n)`, so a trace is known by its number.
 */
export const seededTraces = (n: number, seed = 1): IngestTrace[] => {
  const random = seededRandom(seed);
  const upTo = (limit: number): number => 1 + Math.floor(random() * limit);
  return Array.from({ length: n }, (_, i): IngestTrace => {
    const problem = Math.floor(i / 3);
    let total = problem;
    const steps = Array.from({ length: 1 + upTo(4) }, () => {
      const add = upTo(90);
      const said = total + add + (random() < 0.2 ? upTo(9) : 0);
      const step = `Add ${add}: ${total} + ${add} = <<${total}+${add}=${said}>>${said}`;
      total = said;
      return step;
    });
    const right = random() < 0.5;
    return {
      id: hexId(i + 1),
      problemId: hexId(1_000_000 + problem),
      task: problem % 2 ? 'sums' : 'more-sums',
      prompt: `Problem ${problem}: start with ${problem} and add what is said. What is the total?`,
      reference: String(right ? total : total + 1),
      model: `model-${i % 3}`,
      source: 'testkit',
      given: right ? 'right' : 'wrong',
      answer: String(total),
      steps,
      extra: { seed },
    };
  });
};

/** Records as the lines of a JSONL file. */
export const jsonl = (records: readonly unknown[]): string =>
  records.map((r) => `${JSON.stringify(r)}\n`).join('');
