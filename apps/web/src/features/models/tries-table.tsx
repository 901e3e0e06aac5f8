import type { BackendTry } from '@flywheel/domain/model';
import { clock } from '../../app/format.ts';
import { BACKEND_WORDS, megabytes, perSecond } from './words.ts';

/** The newest try of each backend: whether its figures can be believed, and how fast it was. */
export const TriesTable = ({ tries }: { tries: readonly BackendTry[] }) =>
  tries.length === 0 ? (
    <p className="t3 fs12">Nowhere yet. Loading it measures its speed and compares its figures.</p>
  ) : (
    <table className="tbl tries">
      <thead>
        <tr>
          <th>Backend</th>
          <th>Probe</th>
          <th className="num">Scores</th>
          <th className="num">Writes</th>
          <th>When</th>
        </tr>
      </thead>
      <tbody>
        {tries.map((t) => (
          <tr key={`${t.backend} ${t.precision}`} title={t.notes.join('\n')}>
            <td>
              {BACKEND_WORDS[t.backend]} <span className="t3">{t.precision}</span>
              {t.adapter && (
                <span className="t3 adapter">
                  {[t.adapter.vendor, t.adapter.architecture].filter(Boolean).join(' ')}, binds up to{' '}
                  {megabytes(t.adapter.maxBinding)}
                </span>
              )}
            </td>
            <td>
              <Probe of={t} />
            </td>
            <td className="num">{perSecond(t.tokensPerSecond.score)}</td>
            <td className="num">{perSecond(t.tokensPerSecond.generate)}</td>
            <td className="t3">{clock(t.at, Date.now())}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );

const Probe = ({ of: { error, probe, threads } }: { of: BackendTry }) => {
  if (error !== null)
    return (
      <span className="bad" title={error}>
        failed: {error}
      </span>
    );
  if (!probe) return <span className="t2">is what others are compared with, {threads} threads</span>;
  return probe.passed ? (
    <span className="good">passed, off by {probe.maxAbs.toExponential(1)}</span>
  ) : (
    <span className="bad">
      wrong by {probe.maxAbs.toPrecision(2)} nats, {probe.tolerance} allowed: not used
    </span>
  );
};
