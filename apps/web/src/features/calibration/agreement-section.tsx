import { useQuery } from '@tanstack/react-query';
import { figure } from './figure-rows.ts';
import { calibrationServer } from './server.ts';

/** Agreement between people, over traces that two or more of them reviewed. */
export const AgreementSection = ({ query }: { query: string }) => {
  const agreement = useQuery({
    queryKey: ['calibration', 'agreement', query],
    queryFn: () => calibrationServer.agreement(query),
  });
  const rows = agreement.data && [
    { title: 'first error', level: 'nominal', f: agreement.data.firstError, unit: 'traces' },
    { title: 'step labels', level: 'ordinal', f: agreement.data.steps, unit: 'steps' },
  ];
  return (
    <section>
      <h2>
        Agreement between reviewers <span className="t3">traces with two or more reviewers</span>
      </h2>
      {agreement.isPending && <p className="t3">Reading reviews…</p>}
      {agreement.error && <p className="bad">Agreement could not be computed: {agreement.error.message}</p>}
      {rows && agreement.data.firstError.items === 0 && (
        <p className="t3">
          No trace of this slice has two reviewers yet. Let a second person review the same slice.
        </p>
      )}
      {rows && agreement.data.firstError.items > 0 && (
        <table className="cal-table">
          <thead>
            <tr>
              <th>On</th>
              <th className="num">n</th>
              <th className="num">ratings</th>
              <th className="num">raw</th>
              <th className="num">Cohen's kappa</th>
              <th className="num">Krippendorff's alpha</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ title, level, f, unit }) => (
              <tr key={title}>
                <th scope="row">
                  {title} <span className="t3">{level}</span>
                </th>
                <td className="num">
                  {f.items.toLocaleString('en')} {unit}
                </td>
                <td className="num">{f.ratings.toLocaleString('en')}</td>
                <td className="num">{figure(f.raw)}</td>
                <td
                  className="num"
                  title={f.kappa === null ? 'only for exactly two reviewers whose labels vary' : undefined}
                >
                  {figure(f.kappa)}
                </td>
                <td className="num" title={f.alpha === null ? 'not defined while nothing varies' : undefined}>
                  {figure(f.alpha)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
};
