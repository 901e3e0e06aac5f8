import { position } from '@flywheel/domain/judgement';
import { requireQuery } from '@flywheel/domain/query/parse';
import {
  type CaseVerdict,
  type Perturbation,
  RobustnessConfig,
  type RobustnessReport,
} from '@flywheel/domain/robustness';
import type { RunSummary } from '@flywheel/domain/run';
import type { JsonValue, TraceText } from '@flywheel/domain/trace';
import { parseAnswer } from '@flywheel/judges/critic/parse-answer';
import { type SuiteCase, suiteCases } from '@flywheel/judges/critic/robustness/cases';
import type { KnownTrace } from '@flywheel/judges/critic/robustness/perturb';
import { type CaseAnswer, judgedCase, robustnessReport } from '@flywheel/judges/critic/robustness/report';
import { CallFailed } from '@flywheel/runs/critique-ports';
import { fingerprint } from '@flywheel/runs/fingerprint';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { JobContext } from '@flywheel/runs/run-handler';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type CallEstimate, estimateCalls } from './estimate.ts';
import { drawKnown, knownTraces } from './known-traces.ts';
import { type CritiqueParts, partsOf, questioner } from './open-critique.ts';
import { RunAsker } from './run-asker.ts';
import { type Suite, startSuite, suiteHandler } from './suite-run.ts';

/** What to try on which traces. */
export const RobustnessLaunch = RobustnessConfig.extend({
  /** Text of the query bar; traces are drawn from what it selects. */
  query: z.string().max(20_000),
});
export type RobustnessLaunch = z.infer<typeof RobustnessLaunch>;

export interface RobustnessPlan extends CallEstimate {
  /** Traces whose first error is known, and cases that can be made of them, by class. */
  known: number;
  cases: Record<Perturbation, number>;
  questions: number;
}

/** Each unchanged trace is asked twice: the second answer shows the noise. */
const TWICE = 2;

/** Plans, starts and does robustness runs. */
export const robustnessRuns = (parts: CritiqueParts, engine: () => RunEngine) => {
  const { store } = parts;
  const suite: Suite<RobustnessConfig> = {
    kind: 'robustness',
    schema: RobustnessConfig,
    fingerprint: (config, items) => fingerprintOf(parts, config, items),
    work: async (job, config, items, asker) =>
      tryAll(parts, job, config, suiteCases(await knownTraces(store, items), config), asker),
  };

  const casesOf = async (launch: RobustnessLaunch) => {
    const known = await drawKnown(store, requireQuery(launch.query), launch.seed);
    return { known, cases: suiteCases(known, launch) };
  };

  return {
    plan: async (launch: RobustnessLaunch): Promise<RobustnessPlan> => {
      const { version, provider } = await partsOf(parts, launch);
      const { known, cases } = await casesOf(launch);
      const ask = await questioner(store, version, launch.model);
      const sample = [
        ...cases.map((c) => ({ request: ask(c.trace, c.source.trace), repetition: 0 })),
        ...sourcesOf(cases).flatMap(({ trace }) =>
          Array.from({ length: TWICE }, (_, repetition) => ({ request: ask(trace), repetition })),
        ),
      ];
      const counts = { planted: 0, shuffled: 0, broken: 0, injected: 0, renamed: 0 };
      for (const c of cases) counts[c.perturbation]++;
      const estimate = estimateCalls(parts, provider, sample, sample.length);
      return { ...estimate, known: known.length, cases: counts, questions: sample.length };
    },

    /** Freezes the traces that cases are made of, and asks. @throws UserError where none can be made */
    launch: async (launch: RobustnessLaunch): Promise<RunSummary> => {
      const { cases } = await casesOf(launch);
      if (cases.length === 0)
        throw new UserError(
          'No case can be made of what the query selects: it needs traces whose first error people or verifiers know.',
        );
      const items = Uint32Array.from(new Set(cases.map((c) => c.source.trace.seq))).sort();
      return startSuite(suite, engine(), launch, items);
    },

    handler: suiteHandler(suite, parts),
  };
};

/** Asks all questions of a suite and keeps the report. */
const tryAll = async (
  parts: CritiqueParts,
  job: JobContext,
  config: RobustnessConfig,
  cases: SuiteCase[],
  asker: RunAsker,
): Promise<RunSummary['result']> => {
  const { version } = await partsOf(parts, config);
  const request = await questioner(parts.store, version, config.model);
  const sources = sourcesOf(cases);
  let done = 0;
  let failed = 0;
  const total = cases.length + TWICE * sources.length;
  asker.report({ total, done, failed });
  const ask = async (trace: TraceText, judged: TraceText, repetition: number): Promise<CaseAnswer> => {
    const reply = await asker.ask(request(trace, judged), repetition);
    if (reply instanceof CallFailed) {
      asker.report({ failed: ++failed });
      return { verdict: null, unread: reply.message, rationale: '' };
    }
    asker.report({ done: ++done });
    const parsed = parseAnswer(reply.answer.text, reply.answer.finish, version.schema, trace.steps.length);
    if (!parsed.ok) asker.unread();
    return parsed.ok
      ? { verdict: verdictOf(parsed.firstError), unread: null, rationale: parsed.rationale }
      : { verdict: null, unread: parsed.detail, rationale: '' };
  };
  const [bases, answers] = await Promise.all([
    Promise.all(
      sources.map(({ trace }) => Promise.all([ask(trace, trace, 0), ask(trace, trace, 1)] as const)),
    ),
    Promise.all(cases.map((c) => ask(c.trace, c.source.trace, 0))),
  ]);
  const baseOf = new Map(
    sources.map((s, i): [string, CaseVerdict] => [s.trace.id, bases[i]?.[0].verdict ?? null]),
  );
  const report = robustnessReport(
    cases.map((c, i) => judgedCase(c, baseOf.get(c.source.trace.id) ?? null, answers[i] as CaseAnswer)),
    bases.map(([first, second]) => [first.verdict, second.verdict] as const),
  );
  await parts.store.runAnswers.saveReport(job.id, report as unknown as JsonValue);
  return { ...asker.result, ...headline(report) };
};

/** The figures that lists show. */
const headline = ({ classes }: RobustnessReport): RunSummary['result'] => ({
  cases: classes.reduce((sum, c) => sum + c.n, 0),
  held: classes.reduce((sum, c) => sum + c.held, 0),
});

const verdictOf = (firstError: number | null): CaseVerdict =>
  position({ verdict: firstError === null ? 'clean' : 'flawed', firstError });

/** The traces that cases were made of, each once. */
const sourcesOf = (cases: readonly SuiteCase[]): KnownTrace[] => [
  ...new Map(cases.map(({ source }) => [source.trace.id, source])).values(),
];

const fingerprintOf = async (
  parts: CritiqueParts,
  config: RobustnessConfig,
  items: Uint32Array,
): Promise<string> => {
  const { version, provider } = await partsOf(parts, config);
  const { critic, model, perClass, seed } = config;
  const at = provider.baseUrl ?? provider.recording;
  return fingerprint({ kind: 'robustness', critic, hash: version.hash, at, model, perClass, seed }, items);
};
