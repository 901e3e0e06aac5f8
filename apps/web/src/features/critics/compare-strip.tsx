import type { CriticVersion } from '@flywheel/domain/critic';
import type { RunSummary } from '@flywheel/domain/run';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLiveRuns } from '../../app/live-runs.ts';
import { type Comparison, criticsServer } from './server.ts';
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

/** The newest run of a version that has results. */
const runOf = (runs: ReadonlyMap<number, RunSummary> | null, v: CriticVersion): RunSummary | null =>
  [...(runs?.values() ?? [])]
    .filter((r) => r.kind === 'critique' && r.title === `${v.critic} v${v.number}` && r.done > 0)
    .sort((a, b) => b.id - a.id)[0] ?? null;

/** Two versions on the traces that both were asked about: figures with intervals, flips, and whether they mean anything. */
export const CompareStrip = ({ a, b }: { a: CriticVersion; b: CriticVersion }) => {
  const runs = useLiveRuns((s) => s.runs);
  const [split, setSplit] = useState<(typeof SPLITS)[number]>('dev');
  const [left, right] = [runOf(runs, a), runOf(runs, b)];
  const compared = useQuery({
    queryKey: ['critics', 'compare', left?.id, left?.done, right?.id, right?.done, split],
    queryFn: () => criticsServer.compare(left?.id ?? 0, right?.id ?? 0, split),
    enabled: left !== null && right !== null,
  });
  const without = [left === null && a, right === null && b].find((v) => v !== false);
  return (
    <section className="compare-strip" aria-label="Comparison">
      <header className="ph">
        <h2>
          v{a.number} against v{b.number}
        </h2>
        <span className="t3">{compared.data && `${compared.data.n} traces with gold, 95 % bootstrap`}</span>
        <span className="grow" />
        <select
          className="field"
          aria-label="Split of gold"
          value={split}
          onChange={(e) => setSplit(SPLITS.find((s) => s === e.target.value) ?? 'dev')}
        >
          {SPLITS.map((s) => (
            <option key={s}>{s}</option>
          ))}
        </select>
      </header>
      {without ? (
        <p className="t3 critic-state">
          v{without.number} has judged nothing yet. Launch it over the same slice.
        </p>
      ) : compared.error ? (
        <p className="bad critic-state">{compared.error.message}</p>
      ) : compared.data ? (
        <Figures comparison={compared.data} a={a.number} b={b.number} />
      ) : (
        <p className="t3 critic-state">Comparing…</p>
      )}
    </section>
  );
};

const Figures = ({ comparison: c, a, b }: { comparison: Comparison; a: number; b: number }) => (
  <div className="compare-body">
    <table className="tbl">
      <thead>
        <tr>
          <th>× 100</th>
          <th className="num">v{a}</th>
          <th className="num">v{b}</th>
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
      <b className="good">{c.nowRight} now right</b>, <b className="bad">{c.nowWrong} now wrong</b>, McNemar
      exact p = {c.mcnemar.p < 0.0001 ? '< 0.0001' : c.mcnemar.p.toFixed(4)}.{' '}
      <Noise comparison={c} a={a} b={b} /> Did not parse: v{a} {(100 * c.parseFailures.a.rate).toFixed(1)} %,
      v{b} {(100 * c.parseFailures.b.rate).toFixed(1)} %.
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
              gold {word(f.gold)}, v{a} {word(f.a)}, v{b} {word(f.b)}
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
const Noise = ({ comparison: c, a, b }: { comparison: Comparison; a: number; b: number }) => {
  const sides = [
    { number: a, ...c.sides.a.noise },
    { number: b, ...c.sides.b.noise },
  ];
  const known = sides.filter((s) => s.rate !== null);
  if (known.length === 0)
    return <span className="t3">Noise floor unknown: launch with 2 or more answers for each trace.</span>;
  return (
    <span>
      Noise floor:{' '}
      {known
        .map((s) => `v${s.number} repeated differs on ${(100 * (s.rate ?? 0)).toFixed(1)} % of ${s.n}`)
        .join(', ')}
      .
    </span>
  );
};
