import { traceLink } from '../../app/links.ts';
import type { Comparison } from './server.ts';
import { placeWord } from './verdict.tsx';

const FIGURES = [
  ['f1', 'F1'],
  ['accError', 'acc_error'],
  ['accClean', 'acc_clean'],
  ['mcc', 'MCC'],
  ['kappa', 'kappa'],
] as const;
const points = (x: number | null | undefined): string => (x == null ? '-' : (100 * x).toFixed(1));
const signed = (x: number | null): string =>
  x === null ? '-' : `${x > 0 ? '+' : ''}${(100 * x).toFixed(1)}`;
const range = (i: readonly [number, number] | null): string =>
  i === null ? '' : `${(100 * i[0]).toFixed(1)} to ${(100 * i[1]).toFixed(1)}`;

/** Two runs on the same traces: figures with intervals, flips, what an answer took and cost. */
export const CompareFigures = ({ comparison: c, a, b }: { comparison: Comparison; a: string; b: string }) => (
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
          const of = (side: Pick<Comparison['a'], 'solution' | 'f1' | 'accError' | 'accClean'>) =>
            key === 'mcc' || key === 'kappa' ? side.solution[key] : side[key];
          const { value, interval } = c.difference[key];
          const sure = interval !== null && (interval[0] > 0 || interval[1] < 0);
          const base = of(c.a.baseline);
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
      {c.mcnemar.p < 0.0001 ? '< 0.0001' : c.mcnemar.p.toFixed(4)}. Did not parse: A{' '}
      {(100 * c.parseFailures.a.rate).toFixed(1)} %, B {(100 * c.parseFailures.b.rate).toFixed(1)} %.
    </p>
    <Noise comparison={c} />
    <p className="t2">
      <Price side="A" of={c.sides.a} />; <Price side="B" of={c.sides.b} />.
    </p>
    <details>
      <summary>{c.flips.length} flips</summary>
      <ul className="flips">
        {c.flips.slice(0, 200).map((f) => (
          <li key={f.trace}>
            <a className="mono" href={traceLink(f.trace, typeof f.gold === 'number' ? f.gold : null)}>
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

const percent = (x: number | null): string => (x === null ? '-' : `${(100 * x).toFixed(1)} %`);

/** Whether the flips are more than two runs of one version would show, where repetitions were asked for. */
const Noise = ({ comparison: c }: { comparison: Comparison }) => {
  const { observed, of, expected, range, p } = c.flipsByNoise;
  if (expected === null || range === null || p === null)
    return (
      <p className="t3">
        Noise floor unknown: launch with 2 or more answers for each trace to see whether {observed} flips are
        more than noise.
      </p>
    );
  const sides = [
    { side: 'A', ...c.sides.a.noise },
    { side: 'B', ...c.sides.b.noise },
  ];
  return (
    <p>
      Noise alone would flip {expected.toFixed(1)} of {of} ({range[0]} to {range[1]}); {observed} flipped:{' '}
      <b>{observed > range[1] ? 'more than noise' : 'no more than noise'}</b>, p ={' '}
      {p < 0.0001 ? '< 0.0001' : p.toFixed(4)}.{' '}
      <span className="t2">
        {sides
          .filter((s) => s.rate !== null)
          .map(
            (s) =>
              `${s.side} repeated differs ${percent(s.rate)} of the time; ${s.everFlipped.count} of ${s.n} traces ever flip`,
          )
          .join('. ')}
        .
      </span>
    </p>
  );
};

/** Median time of an answer, and what a thousand calls cost. */
const Price = ({ side, of }: { side: string; of: Comparison['sides']['a'] }) => {
  const { spend } = of.run;
  const cost = spend && spend.cost !== null && spend.calls > 0 ? (1_000 * spend.cost) / spend.calls : null;
  return (
    <>
      {side}{' '}
      {of.medianMs === null
        ? 'was answered from the cache'
        : `answers in ${(of.medianMs / 1_000).toFixed(2)} s (median)`}
      , {cost === null ? 'cost unknown' : `$${cost.toFixed(2)} for 1,000 calls`}
    </>
  );
};
