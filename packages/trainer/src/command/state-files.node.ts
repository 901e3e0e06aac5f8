import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figures } from './metric.ts';
import { trainerStateFigures } from './trainer-state.ts';

const NAME = 'trainer_state.json';
/** A larger file is no state of a trainer. In bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Watches `{out}/trainer_state.json` and those of `{out}/checkpoint-N`. */
export class StateFiles {
  private readonly out: string;
  private seen = '';
  /** What is wrong with the newest one, or null; while the trainer writes it, this passes. */
  wrong: string | null = null;

  constructor(out: string) {
    this.out = out;
  }

  /** The figures of the newest one, when it changed since the last call. */
  async read(): Promise<Figures[]> {
    const names = await readdir(this.out).catch(() => []);
    const paths = names
      .filter((name) => name === NAME || /^checkpoint-\d+$/.test(name))
      .map((name) => (name === NAME ? join(this.out, name) : join(this.out, name, NAME)));
    const found = await Promise.all(
      paths.map((path) =>
        stat(path).then(
          ({ mtimeMs, size }) => ({ path, mtimeMs, size }),
          () => null,
        ),
      ),
    );
    const newest = found.filter((f) => f !== null).sort((a, b) => b.mtimeMs - a.mtimeMs)[0];
    if (!newest) return [];
    const seen = `${newest.path} ${newest.mtimeMs} ${newest.size}`;
    if (seen === this.seen) return [];
    if (newest.size > MAX_BYTES) {
      this.wrong = `${newest.path} has ${newest.size.toLocaleString('en')} bytes: too many for a trainer's state.`;
      return [];
    }
    try {
      const figures = trainerStateFigures(await readFile(newest.path, 'utf8'));
      this.seen = seen;
      this.wrong = null;
      return figures;
    } catch (error) {
      this.wrong = `${newest.path} is no whole JSON (${(error as Error).message}).`;
      return [];
    }
  }
}
