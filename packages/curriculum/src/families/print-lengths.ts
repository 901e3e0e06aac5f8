import { seededRandom } from '@flywheel/domain/metrics/random';
import { slicesOf } from '../slice.ts';
import { writePrompt, writeSolution } from '../written.ts';
import { FAMILIES } from './registry.ts';

// Prints the table of lengths in README.md: characters of prompt and completion together, of 1,000 problems a slice.
const SAMPLES = 1000;

console.log('| slice | p50 | p90 | p99 | most | completion p50 |\n| --- | --- | --- | --- | --- | --- |');
for (const family of FAMILIES)
  for (const { key, features } of slicesOf(family)) {
    const random = seededRandom(1);
    const prompts = Array.from({ length: SAMPLES }, () => family.generate(features, random));
    const written = prompts.map((prompt) => writeSolution(family.solve(prompt)));
    const completions = written.map(({ length }) => length).sort((a, b) => a - b);
    const whole = written
      .map(({ length }, at) => length + writePrompt(prompts[at] ?? '').length)
      .sort((a, b) => a - b);
    const at = (share: number): number => whole[Math.ceil(share * SAMPLES) - 1] ?? 0;
    console.log(
      `| ${key} | ${at(0.5)} | ${at(0.9)} | ${at(0.99)} | ${at(1)} | ${completions[SAMPLES / 2 - 1]} |`,
    );
  }
