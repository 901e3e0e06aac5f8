import type { CheckJob, CheckOutcome } from '@flywheel/inference/worker-job';
import { openModel } from './inference.ts';

/** The page that `flywheel model check --backend web-wasm` opens: it takes its job from the command, and posts what it found. */
const check = async ({ name, files, backend, options, reference }: CheckJob): Promise<CheckOutcome> => {
  const addressed = Object.entries(files).map(([path, bytes]) => {
    const url = new URL(`model/${path.split('/').map(encodeURIComponent).join('/')}`, location.href).href;
    return [path, { url, bytes }] as const;
  });
  const source = { name, files: Object.fromEntries(addressed) };
  const { client, loaded } = await openModel(source, { backend, options });
  const checked = await client.call('check', { reference });
  client.end();
  return { loaded, checked };
};

const job: CheckJob = await (await fetch('job')).json();
const outcome = await check(job).catch((error: Error): CheckOutcome => ({ error: error.message }));
await fetch('outcome', { method: 'POST', body: JSON.stringify(outcome) });
