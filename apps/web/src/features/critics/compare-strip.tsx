import type { CriticId } from '@flywheel/domain/critic';
import { isOver } from '@flywheel/domain/run';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useLiveRuns } from '../../app/live-runs.ts';
import type { Marks } from './marks.ts';
import { type Comparison, type CriticRun, criticsServer } from './server.ts';
import { placeWord } from './verdict.tsx';

const FIGURES = [
  ['f1', 'F1'],
  ['accError', 'acc_error'],
  ['accClean', 'acc_clean'],
  ['mcc', 'MCC'],
] as const;
const SPLITS = ['dev', 'train', 'test'] as const;

const points = (x: number | null | undefined): string => (x == null ? '-' : (100 * x).toFixed(1));
const signed = (x: number | null): string =>
  x === null ? '-' : `${x > 0 ? '+' : ''}${(100 * x).toFixed(1)}`;
const range = (i: readonly [number, number] | null): string =>
  i === null ? '' : `${(100 * i[0]).toFixed(1)} to ${(100 * i[1]).toFixed(1)}`;

const name = (r: CriticRun): string => `v${r.version}, ${r.model}`;
const optionOf = (r: CriticRun): string =>
  `run ${r.id}: v${r.version}, ${r.model}, ${r.done.toLocaleString('en')} done${r.subject && `, ${r.subject}`}`;

/** Two runs of a critic, of two versions or two models, on the traces that both asked about: figures, flips, and whether they mean anything. */
export const CompareStrip = (p: { tabs: ReactNode; critic: CriticId; marks: Marks }) => {
  const { critic, marks } = p;
  const live = useLiveRuns((s) => s.runs);
  const settled = [...(live?.values() ?? [])].filter((r) => r.kind === 'critique' && isOver(r.state)).length;
  const runs = useQuery({
    queryKey: ['critics', 'runs', critic, settled],
    queryFn: () => criticsServer.runs(critic),
    placeholderData: (before) => before,
  });
  const [split, setSplit] = useState<(typeof SPLITS)[number]>('dev');
  const [chosen, setChosen] = useState<{ a: number | null; b: number | null }>({ a: null, b: null });
  // What was chosen by hand holds until other versions are marked.
  useEffect(() => setChosen({ a: null, b: null }), [marks.a, marks.b]);
  const all = runs.data ?? [];
  const pick = (id: number | null, version: number | null): CriticRun | null =>
    all.find((r) => r.id === id) ??
    (version === null ? null : (all.find((r) => r.version === version) ?? null));
  const b = pick(chosen.b, marks.b) ?? (marks.b === null ? (all[0] ?? null) : null);
  const a = pick(chosen.a, marks.a) ?? (marks.a === null ? (all.find((r) => r.id !== b?.id) ?? null) : null);
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
          cause={`The runs could not be listed: ${runs.error.message}`}
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
        <ErrorState cause={compared.error.message} onRetry={() => void compared.refetch()} />
      ) : compared.data ? (
        <Figures comparison={compared.data} a={name(a)} b={name(b)} />
      ) : (
        <p className="t3 critic-state">Comparing…</p>
      )}
    </section>
  );
};

const Figures = ({ comparison: c, a, b }: { comparison: Comparison; a: string; b: string }) => (
  <div className="compare-body">
    <table className="tbl">
      <thead>
        <tr>
          <th>× 100</th>
          <th className="num" title={a}>
            A {a}
          </th>
          <th className="num" title={b}>
            B {b}
          </th>
          <th className="num">always clean</th>
          <th className="num">difference</th>
          <th className="num">interval</th>
        </tr>
      </thead>
      <tbody>
        {FIGURES.map(([key, label]) => {
          const of = (side: Comparison['a' | 'b']) => (key === 'mcc' ? side.solution.mcc : side[key]);
          const { value, interval } = c.difference[key];
          const sure = interval !== null && (interval[0] > 0 || interval[1] < 0);
          const base = key === 'mcc' ? c.a.baseline.solution.mcc : c.a.baseline[key];
          return (
            <tr key={key}>
              <td>{label}</td>
              <td className="num">{points(of(c.a))}</td>
              <td className="num">{points(of(c.b))}</td>
              <td className="num t3">{points(base)}</td>
              <td className={`num${sure ? ' acc' : ''}`}>{signed(value)}</td>
              <td className="num t2">{range(interval)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
    <p>
      {c.n} traces with gold, 95 % bootstrap: <b className="good">{c.nowRight} now right</b>,{' '}
      <b className="bad">{c.nowWrong} now wrong</b>, McNemar exact p ={' '}
      {c.mcnemar.p < 0.0001 ? '< 0.0001' : c.mcnemar.p.toFixed(4)}. <Noise comparison={c} /> Did not parse: A{' '}
      {(100 * c.parseFailures.a.rate).toFixed(1)} %, B {(100 * c.parseFailures.b.rate).toFixed(1)} %.
    </p>
    <details>
      <summary>{c.flips.length} flips</summary>
      <ul className="flips">
        {c.flips.slice(0, 200).map((f) => (
          <li key={f.trace}>
            <a className="mono" href={`/samples?trace=${f.trace}`}>
              {f.trace}
            </a>
            <span>
              gold {word(f.gold)}, A {word(f.a)}, B {word(f.b)}
            </span>
            <span className={f.kind === 'now-right' ? 'good' : f.kind === 'now-wrong' ? 'bad' : 't3'}>
              {f.kind === 'other' ? 'both wrong' : f.kind.replace('-', ' ')}
            </span>
          </li>
        ))}
      </ul>
    </details>
  </div>
);

const word = (at: Comparison['flips'][number]['a']): string =>
  at === null ? 'no parse' : at === 'clean' ? 'clean' : at === 'unlocated' ? 'flawed' : placeWord(at);

/** How much two runs of one version would differ, where repetitions were asked for. */
const Noise = ({ comparison: c }: { comparison: Comparison }) => {
  const sides = [
    { side: 'A', ...c.sides.a.noise },
    { side: 'B', ...c.sides.b.noise },
  ];
  const known = sides.filter((s) => s.rate !== null);
  if (known.length === 0)
    return <span className="t3">Noise floor unknown: launch with 2 or more answers for each trace.</span>;
  return (
    <span>
      Noise floor:{' '}
      {known
        .map((s) => `${s.side} repeated differs on ${(100 * (s.rate ?? 0)).toFixed(1)} % of ${s.n}`)
        .join(', ')}
      .
    </span>
  );
};
