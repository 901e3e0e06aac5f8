import { expect, test } from '@playwright/test';
import { CONFORMANCE, plainOracle, SEED } from '../packages/inference/src/testing/conformance.ts';
import { TINY, tinySource } from '../packages/inference/src/testing/tiny-llama.fixture.ts';
import config from '../playwright.config.ts';
import { InferencePage } from './inference-page.ts';
import { startServer, type TestServer } from './server.ts';

/** Chromium draws and computes with SwiftShader, which has subgroups of 4 lanes: where attention is known to be silently wrong. */
const launchOptions = config.use?.launchOptions;
test.use({
  launchOptions: {
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  },
});
test.setTimeout(180_000);

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer(['--no-demo']);
});
test.afterAll(() => server.stop());

test('[I16] on WebGPU the model passes its probe, and then what every backend must', async ({ page }) => {
  const model = new InferencePage(page);
  await model.open(server.url);
  const loaded = await model.loadBytes(tinySource(TINY, SEED), { backend: { name: 'web-webgpu' } });
  expect(loaded.backend).toBe('web-webgpu');
  expect(loaded.gpu?.adapter.subgroupMaxSize).toBeLessThan(32);
  expect(loaded.gpu?.adapter.features).not.toContain('subgroups');
  expect(loaded.gpu?.probe).toMatchObject({ passed: true });
  const oracle = await plainOracle();
  for (const { name, check } of CONFORMANCE) await test.step(name, () => check(model.subject, oracle));
});

test('[I16] the probe catches attention that is silently wrong, and such a backend gives no figures', async ({
  page,
}) => {
  const model = new InferencePage(page);
  await model.open(server.url);
  const loaded = await model.loadBytes(tinySource(TINY, SEED), {
    backend: { name: 'web-webgpu', subgroups: 'always' },
  });
  expect(loaded.gpu?.adapter.features).toContain('subgroups');
  const worst = (name: string) => loaded.gpu?.probe.cases.find((c) => c.name === name)?.maxAbs ?? -1;
  expect(loaded.gpu?.probe.passed).toBe(false);
  expect(worst('17 tokens')).toBeLessThan(1e-4);
  expect(worst('70 tokens')).toBeGreaterThan(0.01);
  await expect(model.subject.score([[1, 2, 3]])).rejects.toThrow(
    /WebGPU gives wrong figures on this machine/,
  );
  await expect(
    model.subject.generate([{ prompt: [1], maxTokens: 2, sampling: {}, seed: 0 }], 1),
  ).rejects.toThrow(/Load the model on WebAssembly/);
});
