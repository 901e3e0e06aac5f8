import { RunId } from '@flywheel/domain/ids';
import { defaultFrame, type PromptFrame, type SampleFrom } from '@flywheel/domain/local-run';
import type { ModelId } from '@flywheel/domain/model';
import type { RunSummary } from '@flywheel/domain/run';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Connection } from '../connect.ts';
import { follow, secondsOf } from '../follow.ts';
import { type Common, InputError, perform, workspaceCommand } from '../perform.ts';
import { modelId } from './model-registry.ts';
import { QUERY_HELP, withSlice } from './slice.ts';

interface LocalOptions extends Common {
  slice: string;
  precision?: string;
  prompt?: string;
  executor: 'worker' | 'browser';
}
interface DrawOptions extends LocalOptions {
  n: number;
  temperature: number;
  topP: number;
  topK: number;
  minP: number;
  maxTokens: number;
  stop: string[];
  seed: number;
}

const within =
  (least: number, most: number, whole = true) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most) || (whole && !Number.isInteger(value)))
      throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
    return value;
  };

const withModel = (command: Command): Command =>
  withSlice(command)
    .option('--precision <name>', 'which of its graphs, e.g. q4; default: the smallest')
    .option(
      '--prompt <text>',
      'plain text to put the problem in, with {problem}; default: a conversation where the model takes one',
    )
    .addOption(
      new Option('--executor <where>', 'a thread of the server, or tabs that are open')
        .choices(['worker', 'browser'])
        .default('worker'),
    )
    .addHelpText('after', `\n${QUERY_HELP}\nCtrl-C cancels the run and keeps what it did.`);

const withDrawing = (command: Command, n: number): Command =>
  withModel(command)
    .option('--n <count>', 'samples of each', within(1, 64), n)
    .option('--temperature <t>', '0: always the likeliest token', within(0, 5, false), 0.8)
    .option(
      '--top-p <p>',
      'only the likeliest that together have this probability',
      within(0.01, 1, false),
      0.95,
    )
    .option('--top-k <k>', 'only so many of the likeliest; 0: all', within(0, 1_000_000), 0)
    .option(
      '--min-p <p>',
      'only those at least this share as likely as the likeliest',
      within(0, 1, false),
      0,
    )
    .option('--max-tokens <n>', 'of each sample', within(1, 8_192), 256)
    .option(
      '--stop <text>',
      'ends a sample; may be given several times',
      (t: string, all: string[]) => [...all, t],
      [],
    )
    .option('--seed <n>', 'equal seeds give equal samples', within(0, 2 ** 31), 1);

/** The model as it is asked, from what the arguments say and the registry knows. */
const askedOf = async ({ api }: Connection, id: ModelId, o: LocalOptions) => {
  const model = await api.models.get.query({ id });
  const precision = o.precision ?? model.variants[0]?.precision ?? '';
  if (o.prompt !== undefined && !o.prompt.includes('{problem}'))
    throw new InputError('--prompt: write {problem} where the problem is to stand.');
  const frame: PromptFrame =
    o.prompt === undefined ? defaultFrame(model.chat) : { kind: 'text', text: o.prompt };
  return { model: id, precision, frame, executor: o.executor, query: o.slice };
};

const drawnOf = (o: DrawOptions) => ({
  n: o.n,
  sampling: { temperature: o.temperature, topP: o.topP, topK: o.topK, minP: o.minP, repetitionPenalty: 1 },
  maxTokens: o.maxTokens,
  stop: o.stop,
  seed: o.seed,
});

const countsOf = (run: RunSummary) => ({
  runId: run.id,
  done: run.done,
  notApplicable: run.skipped,
  failed: run.failed,
  tokens: Number(run.result.tokens ?? 0),
  tokensPerSecond: secondsOf(run) > 0 ? Number(run.result.tokens ?? 0) / secondsOf(run) : 0,
  seconds: secondsOf(run),
});

const saying =
  (done: string) =>
  (r: ReturnType<typeof countsOf>): string =>
    `Run ${r.runId}: ${r.done} ${done}, ${r.notApplicable} not applicable, ${r.failed} failed, ${r.tokens} tokens in ${r.seconds.toFixed(1)} s (${r.tokensPerSecond.toFixed(0)}/s).`;

const followed = async (connection: Connection, started: RunSummary): Promise<RunSummary> => {
  const [run = started] = await follow(connection, [started.id]);
  return run;
};

const fromOf = (text: string | undefined): SampleFrom => {
  if (text === undefined || text === 'start') return { kind: 'start' };
  if (text === 'flaw') return { kind: 'flaw' };
  if (/^\d{1,4}$/.test(text)) return { kind: 'step', step: Number(text) };
  throw new InputError(
    `--from ${text}: give start, flaw, or the number of the step before which to go on (0 is the first).`,
  );
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `score`, `sample`, `step-labels`: what a local model thinks of traces, and what it writes. */
export const addLocal = (program: Command): void => {
  withModel(
    workspaceCommand(
      program,
      'score <model>',
      'how surprised a local model is by each step of a slice’s traces',
    ),
  ).action((id: string, o: LocalOptions) =>
    perform(
      o,
      async (connection) => {
        const asked = await askedOf(connection, modelId(id), o);
        const run = await followed(
          connection,
          await connection.api.local.launch.mutate({ kind: 'score', ...asked }),
        );
        return { ...countsOf(run), scored: run.done };
      },
      saying('scored'),
      { recover: true },
    ),
  );

  withDrawing(
    workspaceCommand(
      program,
      'sample <model>',
      'ask a local model again, n times each; what it writes becomes traces',
    ),
    4,
  )
    .option(
      '--from <place>',
      'start, flaw (behind the steps before the first error), or a step number',
      'start',
    )
    .action((id: string, o: DrawOptions & { from?: string }) =>
      perform(
        o,
        async (connection) => {
          const { api } = connection;
          const asked = await askedOf(connection, modelId(id), o);
          const run = await followed(
            connection,
            await api.local.launch.mutate({ kind: 'sample', ...asked, ...drawnOf(o), from: fromOf(o.from) }),
          );
          const figures = await api.local.figures.query({ run: RunId.parse(run.id) });
          return {
            ...countsOf(run),
            sampled: run.done,
            passAt: figures?.passAt ?? [],
            majority: figures?.majority ?? null,
            agreement: figures?.agreement ?? null,
            entropy: figures?.entropy ?? null,
          };
        },
        (r) =>
          [
            saying('sampled')(r),
            ...r.passAt.map(
              ({ k, value, interval: [low, high] }) =>
                `pass@${k} ${percent(value)} (${percent(low)} to ${percent(high)})`,
            ),
            ...(r.majority ? [`majority ${percent(r.majority.value)}`] : []),
            ...(r.agreement === null
              ? []
              : [
                  `agreement ${percent(r.agreement)}, entropy of answers ${(r.entropy ?? 0).toFixed(2)} nats`,
                ]),
          ].join('\n'),
        { recover: true },
      ),
    );

  withDrawing(
    workspaceCommand(
      program,
      'step-labels <model>',
      'label steps by whether samples that go on behind them reach the right answer',
    ),
    4,
  )
    .addOption(
      new Option('--estimate <how>', 'good: at least one sample gets there (hard), or enough do (soft)')
        .choices(['hard', 'soft'])
        .default('hard'),
    )
    .option('--bound <share>', 'soft: how many are enough', within(0, 1, false), 0.5)
    .action((id: string, o: DrawOptions & { estimate: 'hard' | 'soft'; bound: number }) =>
      perform(
        o,
        async (connection) => {
          const asked = await askedOf(connection, modelId(id), o);
          const { estimate, bound } = o;
          const run = await followed(
            connection,
            await connection.api.local.launch.mutate({
              kind: 'step-label',
              ...asked,
              ...drawnOf(o),
              estimate,
              bound,
            }),
          );
          return { ...countsOf(run), labelled: run.done, flawed: Number(run.result.flawed ?? 0) };
        },
        (r) => `${saying('labelled')(r)} ${r.flawed} flawed.`,
        { recover: true },
      ),
    );
};
