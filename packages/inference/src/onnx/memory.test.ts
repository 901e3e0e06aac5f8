import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readModel } from '@flywheel/onnx/model';
import { expect, test } from 'vitest';
import { dequantise } from './dequantise.ts';
import { growthUnpacked } from './memory.ts';

const SHARED = path.resolve(
  import.meta.dirname,
  '../../../../../shared/models/SmolLM2-135M-Instruct/onnx/model_q4.onnx',
);

test.skipIf(!existsSync(SHARED))(
  '[I34] what unpacking will take is known before it is done (skipped where the shared model is absent)',
  async () => {
    const model = readModel(await readFile(SHARED));
    const { before, after } = dequantise(model);
    expect(growthUnpacked(model)).toBe(after - before);
  },
);

test('[I34] a graph without packed products takes what it is', () => {
  const graph = { name: 'plain', nodes: [], tensors: [], inputs: [], outputs: [] };
  expect(growthUnpacked({ graph, rest: [] } as unknown as ReturnType<typeof readModel>)).toBe(0);
});
