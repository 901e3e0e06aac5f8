import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunId } from '@flywheel/domain/ids';
import { explain } from '@flywheel/server/errors';
import { defaultHome } from '@flywheel/server/workspace';
import { TRPCClientError } from '@trpc/client';
import { Command } from 'commander';
import { type Connection, connect } from './connect.ts';
import { follow, secondsOf } from './follow.ts';
import { serveCommand } from './serve.ts';

interface Common {
  home: string;
  json?: boolean;
}

const program = new Command('flywheel')
  .description('Find where a model’s reasoning breaks: import traces, judge, calibrate, export.')
  .showHelpAfterError()
  .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 not installed.')
  .exitOverride();

const command = (usage: string, description: string): Command =>
  program
    .command(usage)
    .description(description)
    .option('--home <dir>', 'workspace folder (or FLYWHEEL_HOME)', defaultHome())
    .option('--json', 'last line of stdout is one JSON object');

/** Opens the workspace for one command, prints the result, closes it. */
const perform = async <T extends object>(
  common: Common,
  work: (c: Connection) => Promise<T>,
  say: (r: T) => string,
) => {
  const connection = await connect(path.resolve(common.home));
  try {
    const result = await work(connection);
    process.stdout.write(`${common.json ? JSON.stringify(result) : say(result)}\n`);
  } finally {
    await connection.close();
  }
};

const percent = (x: number | null): string => (x === null ? '-' : `${(100 * x).toFixed(2)} %`);

command('serve', 'serve the workspace on this machine')
  .option('--port <n>', 'port; 0 takes any free one', '4317')
  .option('--no-open', 'do not open the browser')
  .option('--no-demo', 'leave an empty workspace empty')
  .action(serveCommand);

command('import <file...>', 'import traces from files; the format is guessed when not given')
  .option('--preset <name>', 'gsm8k-solutions, big-bench-mistake, prm800k, processbench, chat-messages')
  .option('--map <file>', 'mapping file, as the import screen writes it')
  .option('--no-verify', 'do not run the verifiers on what arrives')
  .action((files: string[], o: Common & { preset?: string; map?: string; verify: boolean }) =>
    perform(
      o,
      async (c) => {
        const mapping: unknown = o.map ? JSON.parse(await readFile(o.map, 'utf8')) : undefined;
        const started = await c.startImport({
          sources: files.map((f) => ({ path: path.resolve(f) })),
          verify: o.verify,
          ...(o.preset === undefined ? {} : { preset: o.preset }),
          ...(mapping === undefined ? {} : { mapping }),
        });
        const run = await follow(c, started.id as RunId);
        const rejects = run.result.rejectsFile;
        return {
          imported: run.done,
          duplicates: run.skipped,
          rejected: run.failed,
          rejectsFile: typeof rejects === 'string' ? path.resolve(o.home, rejects) : null,
          seconds: secondsOf(run),
        };
      },
      (r) =>
        `Imported ${r.imported}, ${r.duplicates} known already, ${r.rejected} rejected${r.rejectsFile ? ` (${r.rejectsFile})` : ''}, in ${r.seconds.toFixed(1)} s.`,
    ),
  );

command('judge <verifier>', 'run a verifier over a slice')
  .option('--slice <query>', 'text of the query bar', '')
  .action((verifier: string, o: Common & { slice: string }) =>
    perform(
      o,
      async (c) => {
        const started = await c.startJudge({ verifier, query: o.slice });
        const run = await follow(c, started.id as RunId);
        return {
          runId: run.id,
          judged: run.done,
          notApplicable: run.skipped,
          failed: run.failed,
          flawed: run.result.flawed ?? 0,
          seconds: secondsOf(run),
        };
      },
      (r) =>
        `Run ${r.runId}: ${r.judged} judged (${r.flawed} flawed), ${r.notApplicable} not applicable, ${r.failed} failed, in ${r.seconds.toFixed(1)} s.`,
    ),
  );

command('calibrate <judge>', 'score a judge against gold')
  .option('--gold <judge>', 'given-outcome for outcomes, else the imported labels')
  .option('--slice <query>', 'text of the query bar', '')
  .action((judge: string, o: Common & { gold?: string; slice: string }) =>
    perform(
      o,
      (c) => c.calibrate({ judge, query: o.slice, ...(o.gold === undefined ? {} : { gold: o.gold }) }),
      (r) =>
        [
          `${r.judge} against ${r.gold}: n ${r.n}`,
          `           judge      always clean`,
          `acc_error  ${percent(r.accError).padEnd(10)} ${percent(r.baseline.accError)}`,
          `acc_clean  ${percent(r.accClean).padEnd(10)} ${percent(r.baseline.accClean)}`,
          `F1         ${percent(r.f1).padEnd(10)} ${percent(r.baseline.f1)}`,
          `exact      ${percent(r.exact).padEnd(10)} ${percent(r.baseline.exact)}`,
          `${r.disagreements.length} disagreements`,
        ].join('\n'),
    ),
  );

command('export <format>', 'write a slice as training data')
  .option('--slice <query>', 'text of the query bar', '')
  .requiredOption('--out <file>', 'file to write')
  .action((format: string, o: Common & { slice: string; out: string }) =>
    perform(
      o,
      async (c) => {
        const started = await c.startExport({ format, query: o.slice });
        const run = await follow(c, started.id as RunId);
        await copyFile(path.resolve(o.home, String(run.result.file)), path.resolve(o.out));
        const { written, skipped, sha256 } = run.result;
        return { written, skipped, sha256 };
      },
      (r) => `Wrote ${r.written}, skipped ${r.skipped}. sha256 ${r.sha256}`,
    ),
  );

command('sql <query>', 'run one read-only statement').action((text: string, o: Common) =>
  perform(
    o,
    async (c) => {
      const { columns, rows, truncated } = await c.sql({ text });
      return { columns, rows, truncated };
    },
    (r) =>
      [
        r.columns.map((x) => x.name).join('\t'),
        ...r.rows.map((row) => row.map((v) => (v === null ? '' : String(v))).join('\t')),
      ].join('\n'),
  ),
);

command('doctor', 'check the workspace and rebuild what is derived').action((o: Common) =>
  perform(
    o,
    async (c) => {
      const report = await c.doctor();
      if (report.checks.some((x) => !x.ok && !x.mended)) process.exitCode = 1;
      return report;
    },
    (r) =>
      r.checks
        .map((x) => `${x.ok ? 'ok    ' : x.mended ? 'mended' : 'BROKEN'} ${x.name}: ${x.detail}`)
        .join('\n'),
  ),
);

command('backup', 'make a consistent copy, also while serving').action((o: Common) =>
  perform(
    o,
    (c) => c.backup(),
    (r) => `Copied to ${r.folder}`,
  ),
);

try {
  await program.parseAsync();
} catch (error) {
  const usage = (error as { code?: unknown }).code;
  if (typeof usage === 'string' && usage.startsWith('commander.')) {
    process.exitCode = (error as { exitCode: number }).exitCode === 0 ? 0 : 2;
  } else {
    const { message, unforeseen } = explain(error);
    const text = error instanceof TRPCClientError || unforeseen ? (error as Error).message : message;
    process.stderr.write(`flywheel: ${text}\n`);
    if (process.env.FLYWHEEL_DEBUG) console.error(error);
    process.exitCode = 1;
  }
}
