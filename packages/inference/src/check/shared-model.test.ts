import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Engine } from '../engine.ts';
import { folderSource } from '../model/folder-source.node.ts';
import { nodeRuntime } from '../runtime/node-runtime.ts';
import { checkModel } from './check.ts';
import { Reference } from './reference.ts';

const FOLDER = fileURLToPath(new URL('../../../../../shared/models/SmolLM2-135M-Instruct', import.meta.url));
const present = existsSync(`${FOLDER}/reference.json`);
if (!present) console.warn(`SKIPPED: ${FOLDER} is absent; the engine was not checked on a real model.`);

it.runIf(present)(
  '[I13] the real model agrees with its float64 reference, alone and in batches of eight',
  async () => {
    const engine = await Engine.load(folderSource(FOLDER), await nodeRuntime());
    const all = Reference.parse(JSON.parse(readFileSync(`${FOLDER}/reference.json`, 'utf8')));
    // The text of 858 tokens alone takes longer than all others; `flywheel model check` runs it.
    const reference = { ...all, score: all.score.filter((s) => s.ids.length < 400) };
    const { tokenizer, chat, batches } = await checkModel(engine, reference);
    await engine.close();
    expect(tokenizer.equal).toBe(tokenizer.total);
    expect(chat).toEqual({ equal: 8, total: 8 });
    for (const { score, greedy } of batches) {
      expect(score.maxAbs).toBeLessThan(1e-4);
      expect(score.ranks).toBe(0);
      expect(greedy.total).toBeGreaterThan(150);
      expect(greedy.equal).toBe(greedy.total);
    }
  },
  300_000,
);
