import { CriticId } from '@flywheel/domain/critic';
import type { Candidate, ImproveReport } from '@flywheel/domain/improve';
import type { RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useGo } from '../../app/params.ts';
import { toast } from '../../app/toasts.ts';
import { CandidateTable } from './candidate-table.tsx';
import { figure, GainLine } from './gain-line.tsx';
import { ProposalList } from './proposal-list.tsx';
import { SearchPlot } from './search-plot.tsx';
import { reportsServer } from './server.ts';

/** A search for a better prompt: how far it came, against rewriting alone, and every prompt that it took. */
export const ImproveView = (p: {
  report: ImproveReport;
  run: RunSummary;
  diff: (before: string, after: string) => ReactNode;
}) => {
  const { reflect, baseline, gain, dev, train } = p.report;
  const [chosen, setChosen] = useState<number | null>(null);
  const base = reflect.candidates[0];
  const shown = reflect.candidates[chosen ?? reflect.best];
  if (!base || !shown) return <p className="t3">The first prompt is being measured on dev.</p>;
  const clean = dev.filter((d) => d.gold === 'clean').length;
  return (
    <section className="report">
      <h3>Best prompt so far</h3>
      <p className="report-lead">
        F1 on dev <b>{figure(base.f1)}</b> → <b>{figure(reflect.candidates[reflect.best]?.f1 ?? null)}</b>
        <span className="t2">
          {' '}
          on {dev.length} traces ({dev.length - clean} flawed, {clean} clean), failures shown from {train} of
          train
        </span>
      </p>
      <GainLine label="By reflection" gain={gain} calls={reflect.calls} />
      {baseline ? (
        <GainLine label="By rewriting alone" gain={baseline.gain} calls={baseline.search.calls} />
      ) : (
        <p className="t3 fs12">
          The baseline, rewriting without seeing failures, was not asked for or has not begun.
        </p>
      )}
      <p className="t3 fs12">
        The best was chosen on these traces, so its figure flatters it. Test has not been looked at: keep the
        prompt, launch it, and compare on test once.
      </p>
      <SearchPlot reflect={reflect} baseline={baseline?.search ?? null} />
      <CandidateTable search={reflect} shown={shown.id} onShow={setChosen} />
      <PromptOf base={base} candidate={shown} run={p.run} diff={p.diff} />
      <ProposalList proposals={reflect.proposals} />
    </section>
  );
};

/** One prompt against the one that the search began with, to be kept. */
const PromptOf = (p: {
  base: Candidate;
  candidate: Candidate;
  run: RunSummary;
  diff: (before: string, after: string) => ReactNode;
}) => {
  const { base, candidate, run } = p;
  const go = useGo();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const config = useQuery({
    queryKey: ['runs', 'asked', run.id],
    queryFn: () => reportsServer.config(run.id),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const critic = CriticId.safeParse(config.data?.critic).data;
  const version = Number(config.data?.version);
  if (candidate.id === base.id)
    return (
      <p className="t2">This is the version that the search began with. No prompt has beaten it on dev.</p>
    );
  const keep = async (): Promise<void> => {
    if (!critic) return;
    setBusy(true);
    try {
      const title = `improved from v${version} by run ${run.id}`;
      const kept = await reportsServer.keep(critic, version, candidate, title);
      await queries.invalidateQueries({ queryKey: ['critics'] });
      toast({ text: `Kept as v${kept.number} of ${critic}`, tone: 'good' });
      go(`/critics?${new URLSearchParams({ critic, version: String(kept.number) })}`);
    } catch (error) {
      toast({ text: `Not kept: ${error instanceof Error ? error.message : error}`, tone: 'bad' });
      setBusy(false);
    }
  };
  return (
    <>
      <div className="row report-filter">
        <h3>
          Prompt {candidate.id} against v{Number.isInteger(version) ? version : '…'}
        </h3>
        <span className="grow" />
        <Button primary disabled={!critic || busy} onClick={() => void keep()}>
          Keep as a new version
        </Button>
      </div>
      <div className="report-diff">{p.diff(textOf(base), textOf(candidate))}</div>
    </>
  );
};

const textOf = ({ system, user }: Candidate): string => `# system\n${system}\n\n# user\n${user}`;
