import type { CriticId } from '@flywheel/domain/critic';
import { isOver } from '@flywheel/domain/run';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useLiveRuns } from '../../app/live-runs.ts';
import { reason } from '../../app/reason.ts';
import { CompareFigures } from './compare-figures.tsx';
import type { Marks } from './marks.ts';
import type { RunPair } from './run-pair.ts';
import { type CriticRun, criticsServer } from './server.ts';

const SPLITS = ['dev', 'train', 'test'] as const;

const NONE = { a: null, b: null };
const name = (r: CriticRun): string => `v${r.version}, ${r.model}`;
const optionOf = (r: CriticRun): string =>
  `run ${r.id}: v${r.version}, ${r.model}, ${r.done.toLocaleString('en')} done${r.subject && `, ${r.subject}`}`;

/** Two runs of a critic, of two versions or two models, on the traces that both asked about: figures, flips, and whether they mean anything. */
export const CompareStrip = (p: {
  tabs: ReactNode;
  critic: CriticId;
  marks: Marks;
  pair: RunPair | null;
}) => {
  const { critic, marks } = p;
  const live = useLiveRuns((s) => s.runs);
  const settled = [...(live?.values() ?? [])].filter((r) => r.kind === 'critique' && isOver(r.state)).length;
  const runs = useQuery({
    queryKey: ['critics', 'runs', critic, settled],
    queryFn: () => criticsServer.runs(critic),
    placeholderData: (before) => before,
  });
  const [split, setSplit] = useState<(typeof SPLITS)[number]>('dev');
  const [chosen, setChosen] = useState<{ a: number | null; b: number | null }>(NONE);
  // What was chosen by hand holds until other versions are marked.
  const marked = marks.a !== null || marks.b !== null;
  useEffect(() => setChosen(marked ? NONE : (p.pair ?? NONE)), [marked, marks.a, marks.b, p.pair]);
  const all = runs.data ?? [];
  const newestOf = (version: number): CriticRun | null => all.find((r) => r.version === version) ?? null;
  // What was asked for by name is shown or missing; nothing else stands in for it.
  const pick = (id: number | null, version: number | null, otherwise: () => CriticRun | undefined) =>
    id !== null
      ? (all.find((r) => r.id === id) ?? null)
      : version !== null
        ? newestOf(version)
        : (otherwise() ?? null);
  const b = pick(chosen.b, marks.b, () => all[0]);
  const a = pick(chosen.a, marks.a, () => all.find((r) => r.id !== b?.id));
  const compared = useQuery({
    queryKey: ['critics', 'compare', a?.id, a?.done, b?.id, b?.done, split],
    queryFn: () => criticsServer.compare(a?.id ?? 0, b?.id ?? 0, split),
    enabled: a !== null && b !== null,
    retry: false,
  });
  const without = a === null ? marks.a : b === null ? marks.b : null;
  const choose = (side: 'a' | 'b', run: CriticRun | null) => (
    <label className={`source ${side}`}>
      <i aria-hidden="true">{side.toUpperCase()}</i>
      <select
        className="field"
        aria-label={`Run ${side.toUpperCase()}`}
        title={run ? optionOf(run) : undefined}
        value={run?.id ?? ''}
        onChange={(e) => setChosen((now) => ({ ...now, [side]: Number(e.target.value) }))}
      >
        {run === null && <option value="">no run</option>}
        {all.map((r) => (
          <option key={r.id} value={r.id}>
            {optionOf(r)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section className="compare-strip" aria-label="Comparison">
      <header className="ph">
        {p.tabs}
        <span className="grow" />
        <select
          className="field"
          aria-label="Split of gold"
          value={split}
          onChange={(e) => setSplit(SPLITS.find((s) => s === e.target.value) ?? 'dev')}
        >
          {SPLITS.map((s) => (
            <option key={s} value={s}>
              {s === 'test' ? 'test (counted)' : s}
            </option>
          ))}
        </select>
      </header>
      <div className="compared">
        {choose('a', a)}
        {choose('b', b)}
      </div>
      {runs.error && !runs.data ? (
        <ErrorState
          cause={`The runs could not be listed: ${reason(runs.error)}`}
          onRetry={() => void runs.refetch()}
        />
      ) : runs.isPending ? (
        <p className="t3 critic-state">Looking for runs…</p>
      ) : without !== null ? (
        <p className="t3 critic-state">v{without} has judged nothing yet. Launch it over the same slice.</p>
      ) : a === null || b === null ? (
        <p className="t3 critic-state">
          Two runs can be compared, of two versions or of two models. Launch over the same slice twice.
        </p>
      ) : compared.error ? (
        <ErrorState cause={reason(compared.error)} onRetry={() => void compared.refetch()} />
      ) : compared.data ? (
        <CompareFigures comparison={compared.data} a={name(a)} b={name(b)} />
      ) : (
        <p className="t3 critic-state">Comparing…</p>
      )}
    </section>
  );
};
