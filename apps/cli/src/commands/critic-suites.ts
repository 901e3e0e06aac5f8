import { CriticId } from '@flywheel/domain/critic';
import type { ImproveReport } from '@flywheel/domain/improve';
import type { RobustnessReport } from '@flywheel/domain/robustness';
import { type Command, InvalidArgumentError } from 'commander';
import type { Connection } from '../connect.ts';
import { follow, secondsOf } from '../follow.ts';
import { InputError, perform, workspaceCommand } from '../perform.ts';
import { type AskOptions, askedOf, withAsking } from './asking.ts';
import { withSlice } from './slice.ts';

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
};

type RobustnessOptions = AskOptions & { perClass: number; seed: number };

const addRobustness = (group: Command): void => {
  withAsking(withSlice(workspaceCommand(group, 'robustness <critic>', 'try a critic on changed traces')))
    .option('--per-class <n>', 'cases of each kind, at most', whole, 20)
    .option('--seed <n>', 'draws the cases', whole, 1)
    .action((text: string, o: RobustnessOptions) =>
      perform(
        o,
        async (connection) => {
          const { perClass, seed } = o;
          const asked = { ...(await askedOf(connection, text, o)), perClass, seed };
          const { id } = await connection.api.critics.robustness.launch.mutate(asked);
          const { run, report } = await reportOf<RobustnessReport>(connection, id);
          const { classes, unchanged } = report;
          return { runId: run.id, classes, unchanged, failed: run.failed, seconds: secondsOf(run) };
        },
        (r) =>
          [
            ...r.classes.map((c) => `${c.perturbation.padEnd(10)} ${shareText(c.held, c.n, c.interval)}`),
            `${'unchanged'.padEnd(10)} ${shareText(r.unchanged.same, r.unchanged.n, r.unchanged.interval)}, asked twice`,
          ].join('\n'),
        { recover: true },
      ),
    );
};

const shareText = (hits: number, n: number, interval: readonly [number, number] | null): string =>
  interval
    ? `held ${hits} of ${n}, ${((100 * hits) / n).toFixed(0)} % (${(100 * interval[0]).toFixed(0)} to ${(100 * interval[1]).toFixed(0)})`
    : 'no case counts';

type ImproveOptions = AskOptions & {
  reflectionProvider?: string;
  reflectionModel?: string;
  calls: number;
  dev: number;
  train: number;
  minibatch: number;
  seed: number;
  baseline: boolean;
  save?: boolean;
};

const addImprove = (group: Command): void => {
  withAsking(
    withSlice(
      workspaceCommand(group, 'improve <critic>', 'look for a better prompt on gold of train and dev (GEPA)'),
    ),
  )
    .option('--reflection-provider <id>', 'who writes prompts; default: the provider that is asked')
    .option('--reflection-model <name>', 'default: the model that is asked')
    .option('--calls <n>', 'questions that each search may ask', whole, 600)
    .option('--dev <n>', 'gold of dev that prompts are measured on, at most', whole, 60)
    .option('--train <n>', 'gold of train that failures are shown from, at most', whole, 120)
    .option('--minibatch <n>', 'traces on which a prompt must beat its parent', whole, 3)
    .option('--seed <n>', 'draws gold and the way', whole, 1)
    .option('--no-baseline', 'leave out the search that rewrites without seeing failures')
    .option('--save', 'keep the best as a new version, if it is better on dev')
    .action((text: string, o: ImproveOptions) =>
      perform(
        o,
        async (connection) => {
          const asked = await askedOf(connection, text, o);
          const { calls, dev, train, minibatch, seed, baseline } = o;
          const launch = {
            ...asked,
            ...{ calls, dev, train, minibatch, seed, baseline },
            reflection: {
              provider: (o.reflectionProvider as typeof asked.provider | undefined) ?? asked.provider,
              model: o.reflectionModel ?? asked.model,
            },
          };
          const { id } = await connection.api.critics.improve.launch.mutate(launch);
          const { run, report } = await reportOf<ImproveReport>(connection, id);
          const { reflect, gain } = report;
          const [base, best] = [reflect.candidates[0], reflect.candidates[reflect.best]];
          const version =
            o.save && best && best.id !== 0 ? await keep(connection, asked, best, run.id) : null;
          return {
            runId: run.id,
            prompts: reflect.candidates.length,
            baseF1: base?.f1 ?? null,
            bestF1: best?.f1 ?? null,
            gain,
            baselineGain: report.baseline?.gain ?? null,
            version,
            system: best?.system ?? null,
            user: best?.user ?? null,
            seconds: secondsOf(run),
          };
        },
        (r) =>
          [
            `Run ${r.runId}: F1 on dev ${figure(r.baseF1)} -> ${figure(r.bestF1)} (difference ${gainText(r.gain)}), ${r.prompts} prompts in the pool.`,
            ...(r.baselineGain ? [`Rewriting alone: ${gainText(r.baselineGain)}.`] : []),
            r.version === null
              ? 'Nothing was kept. --save keeps the best as a new version; it begins from the cache.'
              : `Kept as v${r.version}. Compare it on test once: flywheel critic compare --split test.`,
          ].join('\n'),
        { recover: true },
      ),
    );
};

const figure = (f1: number | null): string => (f1 === null ? '-' : f1.toFixed(3));
const gainText = ({ difference, interval }: ImproveReport['gain']): string =>
  interval
    ? `${figure(difference)}, 95 % ${figure(interval[0])} to ${figure(interval[1])}`
    : figure(difference);

/** The best prompt as a version made from the one that the search began with. Returns its number. */
const keep = async (
  { api }: Connection,
  asked: { critic: string; version: number },
  best: { system: string; user: string },
  run: number,
): Promise<number> => {
  const critic = CriticId.parse(asked.critic);
  const { versions } = await api.critics.get.query({ critic });
  const base = versions.find((v) => v.number === asked.version);
  if (!base) throw new InputError(`${critic} has no version ${asked.version} any more.`);
  const { schema, params, examples } = base;
  const saved = await api.critics.save.mutate({
    critic,
    parent: base.number,
    title: `improved from v${base.number} by run ${run}`,
    body: { system: best.system, user: best.user, schema, params, examples },
  });
  return saved.number;
};

const reportOf = async <T>(connection: Connection, id: number) => {
  const [run] = await follow(connection, [id]);
  const found = run && (await connection.api.critics.report.query({ run: run.id as never }));
  if (!run || !found) throw new Error(`Run ${id} left no report.`);
  return { run, report: found.report as T };
};

/** What tells how good a critic is, and makes it better. */
export const addCriticSuites = (group: Command): void => {
  addRobustness(group);
  addImprove(group);
};
