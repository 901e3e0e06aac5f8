import type { RunSummary } from '@flywheel/domain/run';
import { useQuery } from '@tanstack/react-query';
import { traceLink } from '../../app/links.ts';
import { modelsServer, type SampleFigures } from './server.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const SHOWN = 50;

/** What a run's samples came to: pass@k, the majority, how far they agree, and the problems where they agree least. */
export const SampleTable = ({ run }: { run: RunSummary }) => {
  const found = useQuery({
    queryKey: ['local', 'figures', run.id, run.done],
    queryFn: () => modelsServer.figures(run.id),
    placeholderData: (before) => before,
  });
  if (!found.data) return null;
  return (
    <section className="samples-part">
      <h3>
        Samples{' '}
        <span className="t3">
          {found.data.problems} problems, {found.data.n} each
        </span>
      </h3>
      <Means figures={found.data} />
      <table className="tbl">
        <thead>
          <tr>
            <th>Problem</th>
            <th className="num">Right</th>
            <th>Majority</th>
            <th className="num">Share</th>
            <th className="num">Entropy</th>
          </tr>
        </thead>
        <tbody>
          {found.data.items.slice(0, SHOWN).map((item) => (
            <tr key={item.trace}>
              <td>
                <a href={traceLink(item.trace)}>{item.label}</a>
              </td>
              <td className="num">{item.right === null ? 'unknown' : `${item.right} of ${item.n}`}</td>
              <td className="mono trunc" title={item.majority ?? ''}>
                {item.majority ?? 'none'}
              </td>
              <td className="num">{percent(item.share)}</td>
              <td className="num">{item.entropy.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.data.items.length > SHOWN && (
        <p className="t3 fs12">
          The {SHOWN} that agree least, of {found.data.items.length}.
        </p>
      )}
    </section>
  );
};

const Means = ({ figures }: { figures: SampleFigures }) => {
  const { passAt, majority, agreement, entropy, known } = figures;
  const rows = [
    ...passAt.map(({ k, ...mean }) => ({ label: `pass@${k}`, ...mean })),
    ...(majority ? [{ label: 'majority right', ...majority }] : []),
  ];
  return (
    <dl className="model-facts means">
      {rows.map(({ label, value, interval: [low, high] }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd title={`95 % over ${known} problems`}>
            {percent(value)}{' '}
            <span className="t3">
              {percent(low)} to {percent(high)}
            </span>
          </dd>
        </div>
      ))}
      <div>
        <dt>agreement</dt>
        <dd title="Mean share of the most frequent answer">{percent(agreement)}</dd>
      </div>
      <div>
        <dt>entropy of answers</dt>
        <dd>{entropy.toFixed(2)} nats</dd>
      </div>
    </dl>
  );
};
