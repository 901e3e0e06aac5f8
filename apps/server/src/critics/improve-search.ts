import type { ChatRequest } from '@flywheel/domain/chat';
import { splitOf } from '@flywheel/domain/gold-split';
import type { GoldTrace } from '@flywheel/domain/gold-trace';
import type { RunId } from '@flywheel/domain/ids';
import type { Gain, ImproveConfig, ImproveReport, Search } from '@flywheel/domain/improve';
import { position } from '@flywheel/domain/judgement';
import { compareJudges } from '@flywheel/domain/metrics/compare-judges';
import type { RunSummary } from '@flywheel/domain/run';
import type { JsonValue } from '@flywheel/domain/trace';
import { analyse } from '@flywheel/judges/critic/analyse';
import { criticContext } from '@flywheel/judges/critic/context';
import { type Prompts, type SearchPorts, searchPrompts } from '@flywheel/judges/critic/improve/search';
import { parseAnswer } from '@flywheel/judges/critic/parse-answer';
import { TemplateError } from '@flywheel/judges/critic/render';
import { loadTemplates } from '@flywheel/judges/critic/templates.node';
import { CallFailed } from '@flywheel/runs/critique-ports';
import { type CritiqueParts, partsOf, questioner } from './open-critique.ts';
import { reportKeeper } from './report-keeper.ts';
import type { RunAsker } from './run-asker.ts';

const KEEP_MS = 1_000;
/** Longest prompt that a model may write, in tokens. */
const WRITTEN_TOKENS = 4_096;
/** What makes a written prompt unusable, beside errors: it asks for something else than the one that it came from. */
const UNUSABLE = new Set(['undefined-variable', 'unknown-attribute', 'no-steps']);

/**
 * Searches for a better prompt, by reflection and then, as baseline, by rewriting with as many calls. What it found so far is
 * kept as the run's report, for people to watch.
 */
export const improvePrompt = async (
  parts: CritiqueParts,
  run: RunId,
  config: ImproveConfig,
  gold: readonly GoldTrace[],
  asker: RunAsker,
): Promise<RunSummary['result']> => {
  const { version } = await partsOf(parts, config);
  const train = gold.filter((g) => splitOf(g.problem) === 'train');
  const dev = gold.filter((g) => splitOf(g.problem) === 'dev');
  const keeper = reportKeeper((body) => parts.store.runAnswers.saveReport(run, body), KEEP_MS);
  const report: ImproveReport = {
    dev: dev.map((g) => ({ trace: g.trace.id, gold: g.gold })),
    train: train.length,
    reflect: NOTHING_YET,
    gain: gainOf(NOTHING_YET, dev),
    baseline: null,
  };
  const total = config.calls * (config.baseline ? 2 : 1);
  const ports = await searchPorts(parts, config, version, train[0] ?? dev[0], asker);
  const search = (mode: 'reflect' | 'rewrite', before: number): Promise<Search> => {
    const progress = (search: Search): void => {
      const gain = gainOf(search, dev);
      if (mode === 'reflect') Object.assign(report, { reflect: search, gain });
      else report.baseline = { search, gain };
      asker.report({ total, done: before + search.calls }, headline(report));
      keeper.soon(report as unknown as JsonValue);
    };
    const { calls, minibatch, seed } = config;
    const options = { mode, base: version, train, dev, calls, minibatch, seed };
    return searchPrompts({ ...ports, progress }, options);
  };
  asker.report({ total, done: 0 });
  try {
    const reflect = await search('reflect', 0);
    const { calls } = config.baseline ? await search('rewrite', reflect.calls) : NOTHING_YET;
    // A search may end before its calls are used up.
    asker.report({ total: reflect.calls + calls, done: reflect.calls + calls });
  } finally {
    await keeper.end();
  }
  return { ...asker.result, ...headline(report) };
};

const NOTHING_YET: Search = { candidates: [], proposals: [], best: 0, calls: 0 };

const searchPorts = async (
  parts: CritiqueParts,
  config: ImproveConfig,
  version: Awaited<ReturnType<typeof partsOf>>['version'],
  sample: GoldTrace | undefined,
  asker: RunAsker,
): Promise<Omit<SearchPorts, 'progress'>> => {
  const templates = await loadTemplates();
  const shape = sample && criticContext(sample.trace, []);
  const questioners = new Map<string, ReturnType<typeof questioner>>();
  const questionerOf = (prompts: Prompts): ReturnType<typeof questioner> => {
    const key = JSON.stringify([prompts.system, prompts.user]);
    const { system, user } = prompts;
    const known = questioners.get(key) ?? questioner(parts.store, { ...version, system, user }, config.model);
    questioners.set(key, known);
    return known;
  };
  return {
    judge: async (prompts, { trace }) => {
      const question = await questionerOf(prompts);
      let request: ChatRequest;
      try {
        request = question(trace);
      } catch (error) {
        // A template that only some traces break is wrong on these.
        if (!(error instanceof TemplateError)) throw error;
        return { verdict: null, said: `The prompt could not be rendered: ${error.message}` };
      }
      const reply = await asker.ask(request, 0);
      if (reply instanceof CallFailed) return { verdict: null, said: reply.message };
      const parsed = parseAnswer(reply.answer.text, reply.answer.finish, version.schema, trace.steps.length);
      if (parsed.ok)
        return {
          verdict: position({
            verdict: parsed.firstError === null ? 'clean' : 'flawed',
            firstError: parsed.firstError,
          }),
          said: parsed.rationale,
        };
      asker.unread();
      return { verdict: null, said: parsed.detail };
    },
    write: async (prompt, turn) => {
      const request: ChatRequest = {
        model: config.reflection.model,
        messages: [{ role: 'user', content: prompt }],
        params: { temperature: 1, maxTokens: WRITTEN_TOKENS },
        schema: null,
      };
      const reply = await asker.ask(request, turn, config.reflection);
      return reply instanceof CallFailed ? null : reply.answer.text;
    },
    invalid: ({ system, user }) => {
      const found = analyse({ ...version, system, user }, shape, templates);
      const known = new Set(analyse(version, shape, templates).map((d) => d.message));
      const wrong = found.find(
        (d) => !known.has(d.message) && (d.severity === 'error' || UNUSABLE.has(d.code)),
      );
      return wrong ? `${wrong.part}: ${wrong.message}` : null;
    },
  };
};

/** The best of a search against what it began with, on the traces of dev. */
const gainOf = ({ candidates, best }: Search, dev: readonly GoldTrace[]): Gain => {
  const [a, b] = [candidates[0], candidates[best]];
  const compared = compareJudges(
    a && b
      ? dev.map((g, i) => ({
          trace: g.trace.id,
          gold: g.gold,
          a: a.verdicts[i] ?? null,
          b: b.verdicts[i] ?? null,
        }))
      : [],
    { resamples: 400 },
  );
  const { value, interval } = compared.difference.f1;
  return {
    n: compared.n,
    // `difference` is B minus A.
    difference: value,
    interval,
    mcnemar: compared.mcnemar,
    nowRight: compared.nowRight,
    nowWrong: compared.nowWrong,
  };
};

/** The figures that lists show. */
const headline = ({ reflect }: ImproveReport): RunSummary['result'] => ({
  prompts: reflect.candidates.length,
  baseF1: reflect.candidates[0]?.f1 ?? null,
  bestF1: reflect.candidates[reflect.best]?.f1 ?? null,
});
