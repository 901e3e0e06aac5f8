import { Answers } from './answers.ts';

/** Puts answers without end and tells how many were flushed; whoever started it kills it. */
const answers = new Answers(process.argv[2] as string);
for (let n = 0; ; ) {
  for (const end = n + 100; n < end; n++)
    answers.put(n.toString(16).padStart(64, '0'), {
      text: 'x'.repeat(500),
      finish: 'stop',
      usage: { input: 1, output: 1, estimated: false },
      modelMs: 1,
      baseUrl: 'http://127.0.0.1:1/v1',
      model: 'm',
      at: 1,
    });
  await answers.flush();
  process.send?.(n);
}
