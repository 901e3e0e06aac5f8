import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import { type Common, perform, workspaceCommand } from '../perform.ts';
import { QUERY_HELP, withSlice } from './slice.ts';

type Comparison = Awaited<ReturnType<Connection['api']['calibration']['compare']['query']>>;

const percent = (x: number | null): string => (x === null ? '-' : `${(100 * x).toFixed(2)} %`);
const plain = (x: number | null): string => (x === null ? '-' : x.toFixed(4));

/** One row a figure: the judge with its 95 % interval, and the judge that always says clean. */
const table = (c: Comparison): string => {
  const between = (i: readonly [number, number] | null, show: (x: number | null) => string): string =>
    i === null ? '' : `${show(i[0])} .. ${show(i[1])}`;
  const rows = [
    ['acc_error', percent(c.accError), between(c.intervals.accError, percent), percent(c.baseline.accError)],
    ['acc_clean', percent(c.accClean), between(c.intervals.accClean, percent), percent(c.baseline.accClean)],
    ['F1', percent(c.f1), between(c.intervals.f1, percent), percent(c.baseline.f1)],
    ['exact', percent(c.exact), between(c.intervals.exact, percent), percent(c.baseline.exact)],
    [
      'precision',
      percent(c.solution.precision),
      between(c.intervals.precision, percent),
      percent(c.baseline.solution.precision),
    ],
    [
      'recall',
      percent(c.solution.recall),
      between(c.intervals.recall, percent),
      percent(c.baseline.solution.recall),
    ],
    [
      'solution F1',
      percent(c.solution.f1),
      between(c.intervals.solutionF1, percent),
      percent(c.baseline.solution.f1),
    ],
    ['kappa', plain(c.solution.kappa), between(c.intervals.kappa, plain), plain(c.baseline.solution.kappa)],
    [
      'kappa, place',
      plain(c.positionKappa),
      between(c.intervals.positionKappa, plain),
      plain(c.baseline.positionKappa),
    ],
    ['MCC', plain(c.solution.mcc), between(c.intervals.mcc, plain), plain(c.baseline.solution.mcc)],
  ];
  const header = ['', 'judge', '95 % interval', 'always clean'];
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, i) =>
          i === 0 ? (cell ?? '').padEnd(14) : (cell ?? '').padStart([0, 10, 22, 14][i] ?? 0),
        )
        .join(''),
    )
    .join('\n');
};

export const addCalibrate = (program: Command): void => {
  withSlice(workspaceCommand(program, 'calibrate <judge>', 'score a judge against gold'))
    .option('--gold <judge>', 'default: given-outcome for a judge of outcomes, else what people said')
    .addHelpText(
      'after',
      `\nA judge is final-answer, verifier:final-answer, human:ada, imported-gold, given-outcome, ...\nIt is scored on the traces on which both have a verdict.\n\n${QUERY_HELP}`,
    )
    .action((judge: string, o: Common & { gold?: string; slice: string }) =>
      perform(
        o,
        (connection) =>
          connection.api.calibration.compare.query({
            judge,
            query: o.slice,
            ...(o.gold === undefined ? {} : { gold: o.gold }),
          }),
        (c) =>
          `${c.judge} against ${c.gold}: n ${c.n} (${c.flawed} flawed, ${c.clean} clean)\n${table(c)}\n${c.disagreements.length} disagreements${c.disagreements.length > 0 ? ': --json lists the traces' : ''}`,
      ),
    );
};
