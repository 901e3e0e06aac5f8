import type { CriticId } from '@flywheel/domain/critic';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { useQueries } from '@tanstack/react-query';
import { reason } from '../../app/reason.ts';
import { type IntervalRow, IntervalRows } from './interval-rows.tsx';
import { criticsServer, type DevFigures } from './server.ts';

const FIGURES = [
  ['f1', 'F1'],
  ['accError', 'acc_error'],
  ['accClean', 'acc_clean'],
  ['kappa', 'kappa'],
] as const;

/** How good one version is, or two are, against the dev split of gold, beside a judge that always says clean. */
export const CalibrationStrip = ({ critic, versions }: { critic: CriticId; versions: readonly number[] }) => {
  const asked = useQueries({
    queries: versions.map((v) => ({
      queryKey: ['critics', 'dev-figures', critic, v],
      queryFn: () => criticsServer.devFigures(critic, v),
      staleTime: 30_000,
    })),
  });
  const failed = asked.find((q) => q.error);
  const figures = asked.flatMap((q) => q.data ?? []);
  const marks = (['a', 'b'] as const).slice(versions.length === 1 ? 1 : 0);
  const series = versions.map((v, i) => ({ label: `v${v}`, mark: marks[i] ?? 'b' }));
  const n = [...new Set(figures.map((f) => f.n))].join(' and ');
  return (
    <section className="calibration-strip" aria-label="Calibration">
      <header className="ph">
        <h2>Calibration</h2>
        <span className="t3 trunc">
          {figures.length === versions.length &&
            figures.some((f) => f.n > 0) &&
            `dev, ${n} items, 95 % bootstrap`}
        </span>
      </header>
      {failed?.error ? (
        <ErrorState
          cause={`The figures could not be read: ${reason(failed.error)}`}
          onRetry={() => void failed.refetch()}
        />
      ) : figures.length < versions.length ? (
        <p className="t3 critic-state">Counting…</p>
      ) : figures.every((f) => f.n === 0) ? (
        <p className="t3 critic-state">
          {versions.length === 1 ? `v${versions[0]} has` : 'Neither version has'} judged no trace that gold of
          the dev split knows. Review some, or import labels; then launch over them.
        </p>
      ) : (
        <>
          <p className="legend">
            {series.map((s) => (
              <span key={s.label} className={`series-${s.mark}`}>
                <i aria-hidden="true" /> {s.mark === 'a' ? 'A ' : versions.length > 1 ? 'B ' : ''}
                {s.label}
              </span>
            ))}
            <span className="series-base">
              <i aria-hidden="true" /> always clean
            </span>
            <span className="grow" />
            <span className="t3">× 100</span>
          </p>
          <IntervalRows series={series} rows={FIGURES.map(([key, label]) => rowOf(label, figures, key))} />
          <p className="critic-line fs12">
            <span>
              did not parse{' '}
              {figures.map((f, i) => (
                <span key={i} title={`${f.parse.failed} of ${f.parse.answers} answers`}>
                  {i > 0 && ', '}
                  {versions.length > 1 && `${series[i]?.label} `}
                  <b>{share(f.parse)}</b>
                </span>
              ))}
            </span>
            <span className="grow" />
            {versions.length === 1 && (
              <span className="t3">
                {figures[0]?.flawed} flawed, {figures[0]?.clean} clean
              </span>
            )}
          </p>
        </>
      )}
    </section>
  );
};

const share = ({ failed, answers }: DevFigures['parse']): string =>
  answers === 0 ? 'unknown' : `${((100 * failed) / answers).toFixed(1)} %`;

const rowOf = (
  label: string,
  figures: readonly DevFigures[],
  key: keyof DevFigures['figures'],
): IntervalRow => ({
  label,
  baseline: figures[0]?.figures[key].baseline ?? null,
  values: figures.map(({ figures: f }) => ({ value: f[key].value, interval: f[key].interval })),
});
