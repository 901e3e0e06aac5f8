import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Reference } from '../packages/inference/src/check/reference.ts';
import config from '../playwright.config.ts';
import { hasRealModel, InferencePage, REAL_MODEL } from './inference-page.ts';
import { startServer } from './server.ts';

const launchOptions = config.use?.launchOptions;
test.use({
  launchOptions: {
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  },
});

test('[I13] on WebGPU the real model passes its probe and scores a text of 24 tokens right (skipped where it is absent)', async ({
  page,
}) => {
  test.skip(!hasRealModel, 'the shared model is not on this machine');
  test.skip(process.env.FLYWHEEL_SLOW !== '1', 'it takes six minutes: FLYWHEEL_SLOW=1 runs it');
  test.setTimeout(900_000);
  const reference = Reference.parse(JSON.parse(readFileSync(join(REAL_MODEL, 'reference.json'), 'utf8')));
  const text = reference.score.find((s) => s.ids.length >= 24);
  if (!text) throw new Error('The reference has no text of 24 tokens.');
  const server = await startServer(['--no-demo']);
  try {
    const model = new InferencePage(page);
    await model.open(server.url);
    const loaded = await model.loadFolder(REAL_MODEL, { backend: { name: 'web-webgpu' } });
    expect(loaded.gpu?.probe).toMatchObject({ passed: true });
    const [score] = await model.call('score', { texts: [text.ids.slice(0, 24)] });
    expect(score?.logprob.length).toBe(23);
    for (let i = 0; i < 23; i++)
      expect(Math.abs((score?.logprob[i] ?? 9) - (text.logprob[i] ?? 0))).toBeLessThan(1e-3);
  } finally {
    await server.stop();
  }
});
