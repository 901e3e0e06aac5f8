import type { Perturbation, RobustnessCase, RobustnessReport } from '@flywheel/domain/robustness';
import { useState } from 'react';
import { PERTURBATION_WORDS } from './perturbation-words.ts';
import { CaseList } from './robustness-cases.tsx';
import { ShareBar, shareText } from './share-bar.tsx';

const SHOWN = [
  { id: 'failed', label: 'did not hold', has: (c: RobustnessCase) => c.held === false },
  { id: 'held', label: 'held', has: (c: RobustnessCase) => c.held === true },
  { id: 'silent', label: 'say nothing', has: (c: RobustnessCase) => c.held === null },
] as const;

/** How often a critic's verdict held by kind of change, beside how often it stays by itself, and every case. */
export const RobustnessView = ({ report }: { report: RobustnessReport }) => {
  const [only, setOnly] = useState<Perturbation | null>(null);
  const [shown, setShown] = useState<(typeof SHOWN)[number]['id']>('failed');
  const { unchanged } = report;
  const cases = report.cases.filter((c) => only === null || c.perturbation === only);
  const filter = SHOWN.find((s) => s.id === shown) ?? SHOWN[0];
  return (
    <section className="report">
      <h3>How often the verdict held</h3>
      <table className="tbl report-classes">
        <thead>
          <tr>
            <th>Change</th>
            <th className="num">Held</th>
            <th>Share, 95 %</th>
            <th className="num" title="Verdicts at exactly the right place, of those that count">
              Exact
            </th>
            <th className="num" title="Answers that could not be read, or never came">
              Unread
            </th>
          </tr>
        </thead>
        <tbody>
          {report.classes.map((c) => {
            const words = PERTURBATION_WORDS[c.perturbation];
            const text = shareText(c.rate, c.interval);
            return (
              <tr key={c.perturbation} aria-selected={only === c.perturbation}>
                <td title={`${words.change} It holds when ${words.holds}.`}>
                  <button
                    type="button"
                    className="linkish"
                    aria-pressed={only === c.perturbation}
                    onClick={() => setOnly(only === c.perturbation ? null : c.perturbation)}
                  >
                    {words.name}
                  </button>
                </td>
                <td className="num">
                  {c.n === 0 ? (
                    <span className="t3">{c.asked === 0 ? 'no case' : 'none counts'}</span>
                  ) : (
                    `${c.held} of ${c.n}`
                  )}
                </td>
                <td>
                  <span className="share-cell">
                    <ShareBar value={c.rate} interval={c.interval} label={text} />
                    <span className="t2 fs12">{text}</span>
                  </span>
                </td>
                <td className="num">{c.n === 0 ? '–' : c.exact}</td>
                <td className="num">{c.unread}</td>
              </tr>
            );
          })}
          <tr className="baseline">
            <td title="The same question asked twice: what no change explains.">unchanged, asked twice</td>
            <td className="num">{`${unchanged.same} of ${unchanged.n}`}</td>
            <td>
              <span className="share-cell">
                <ShareBar
                  value={unchanged.rate}
                  interval={unchanged.interval}
                  label={shareText(unchanged.rate, unchanged.interval)}
                />
                <span className="t2 fs12">{shareText(unchanged.rate, unchanged.interval)}</span>
              </span>
            </td>
            <td className="num">–</td>
            <td className="num">–</td>
          </tr>
        </tbody>
      </table>
      <p className="t3 fs12">
        A case counts where both verdicts could be read and the change could have misled: a planted “clean” is
        no temptation where that was said before. Gold of the test split is not used.
      </p>
      <div className="row report-filter" role="group" aria-label="Which cases">
        <h3>{only === null ? 'Cases' : `Cases: ${PERTURBATION_WORDS[only].name}`}</h3>
        <span className="grow" />
        {SHOWN.map(({ id, label, has }) => (
          <button
            key={id}
            type="button"
            className="run-chip"
            aria-pressed={shown === id}
            onClick={() => setShown(id)}
          >
            {label} <b>{cases.filter(has).length}</b>
          </button>
        ))}
      </div>
      <CaseList cases={cases.filter(filter.has)} />
    </section>
  );
};
