import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineReader } from './line-figures.ts';
import { LineSplitter } from './line-splitter.ts';
import { MetricSeries, printedNumber } from './metric.ts';
import { parsePythonJson } from './python-json.ts';
import { HUGGING_FACE_LOG } from './templates/hugging-face-log.ts';
import { trainerStateFigures } from './trainer-state.ts';

const split = (text: string) => {
  const splitter = new LineSplitter();
  return [...splitter.push(new TextEncoder().encode(text)), ...splitter.end()];
};

it('[T6] progress bars: a carriage return writes over the line, with a line feed it ends it', () => {
  expect(split('a\r\nb\n 1/9\r 2/9\r\n\rc\x1b[31md\x1b[0m')).toEqual([
    { text: 'a', overwritten: false },
    { text: 'b', overwritten: false },
    { text: ' 1/9', overwritten: true },
    { text: ' 2/9', overwritten: false },
    { text: 'cd', overwritten: false },
  ]);
});

it('[T6] lines do not depend on how the bytes come', () => {
  const piece = fc.constantFrom('a', 'é', '😀', '\r', '\n', '\r\n', ' ', '\x1b[1m');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.array(fc.nat(60), { maxLength: 6 }),
      (pieces, cuts) => {
        const text = pieces.join('');
        const bytes = new TextEncoder().encode(text);
        const splitter = new LineSplitter();
        const at = [...new Set([0, ...cuts.filter((c) => c < bytes.length), bytes.length])].sort(
          (a, b) => a - b,
        );
        const lines = at.slice(1).flatMap((end, i) => splitter.push(bytes.subarray(at[i], end)));
        expect([...lines, ...splitter.end()]).toEqual(split(text));
      },
    ),
  );
});

/** As `trl sft` of TRL 1.16.0 with transformers 5.23.0 wrote it; the third line is of transformers 4. */
const LOG = [
  ' 58%|█████▊    | 7/12 [00:03<00:02,  2.13it/s]',
  "{'loss': '10.79', 'grad_norm': '1.193', 'learning_rate': '1.142e-05', 'num_tokens': '1482', 'epoch': '0.7'}",
  "{'loss': 1.5, 'grad_norm': 2.0, 'learning_rate': 5e-05, 'epoch': 0.8}",
  "{'eval_loss': '0.5', 'eval_runtime': '1.2', 'epoch': '0.8'}",
  'Writing model shards: 100%|██████████| 1/1 [00:00<00:00, 583.03it/s]',
  "{'train_runtime': '5.831', 'train_loss': '10.79', 'epoch': '1.2'}",
];

it("[T6] the log of Hugging Face's Trainer, in both of its notations", () => {
  const read = lineReader(HUGGING_FACE_LOG);
  expect(LOG.map(read)).toEqual([
    { step: 7, totalSteps: 12 },
    { loss: 10.79, learningRate: 1.142e-5, tokens: 1482, epoch: 0.7 },
    { loss: 1.5, learningRate: 5e-5, epoch: 0.8 },
    { evalLoss: 0.5, epoch: 0.8 },
    {},
    { epoch: 1.2 },
  ]);
  const series = new MetricSeries(null);
  const metrics = LOG.map((line) => series.add(read(line), 0)).filter((m) => m !== null);
  expect(metrics[0]).toEqual({
    step: 7,
    loss: 10.79,
    learningRate: 1.142e-5,
    tokens: 1482,
    epoch: 0.7,
    at: 0,
  });
  expect(metrics).toHaveLength(2);
  expect(series.totalSteps).toBe(12);
});

it('[T6] a trainer_state.json with NaN; half a one is refused', () => {
  const text =
    '{"global_step": 2, "max_steps": 9, "log_history": [{"step": 2, "loss": NaN, "note": "NaN \\" Infinity"}, 3]}';
  expect(trainerStateFigures(text)).toEqual([
    { step: 2, loss: Number.NaN },
    { step: 2, totalSteps: 9 },
  ]);
  expect(() => trainerStateFigures(text.slice(0, 60))).toThrow(SyntaxError);
  expect(parsePythonJson('["a NaN", -Infinity]')).toEqual(['a NaN', '-Infinity']);
});

it('[T6] numbers as programs print them', () => {
  const texts = ['5e-05', '1,024', '.5', '-inf', 'NaN', ' 7. ', '1,02', '0x10', '', '1e', 'true'];
  expect(texts.map(printedNumber)).toEqual([
    ...[5e-5, 1024, 0.5, Number.NEGATIVE_INFINITY, Number.NaN, 7],
    ...Array(5).fill(undefined),
  ]);
});

it('[T12] a line of more than 4,096 characters is not searched', () => {
  const read = lineReader([{ kind: 'regex', pattern: 'loss=(?<loss>\\S+)' }]);
  const line = (characters: number) => `loss=0.5 ${' '.repeat(characters - 9)}`;
  expect(read(line(4_096))).toEqual({ loss: 0.5 });
  expect(read(line(4_097))).toEqual({});
});
