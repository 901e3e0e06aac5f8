import { printValue } from '@flywheel/domain/query/print';
import type { RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count } from '../../app/format.ts';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import { modelsServer, type RuleFigures } from './server.ts';

type Kind = 'surprise' | 'agreement' | 'differs';

/** Flags traces by what the model thought of them; each rule says first how good it is at finding flaws. */
export const FlagRules = ({ run }: { run: RunSummary }) => {
  const kinds: readonly { kind: Kind; label: string }[] =
    run.kind === 'score'
      ? [{ kind: 'surprise', label: 'most surprising step from a quantile up' }]
      : run.kind === 'sample'
        ? [
            { kind: 'agreement', label: 'samples agree less than' },
            { kind: 'differs', label: 'outcome differs from that of another model' },
          ]
        : [];
  const [kind, setKind] = useState<Kind | null>(kinds[0]?.kind ?? null);
  const [share, setShare] = useState('90');
  const [bound, setBound] = useState('50');
  const [other, setOther] = useState('');
  // What the run wrote stands beside what it was asked about.
  const slice = run.kind === 'sample' ? `source:run-${run.id}` : `run:${run.id}`;
  const at = useQuery({
    queryKey: ['local', 'quantile', slice, share],
    queryFn: () => modelsServer.quantile(slice, Math.min(100, Math.max(0, Number(share))) / 100),
    enabled: kind === 'surprise' && share.trim() !== '',
  });
  if (kind === null) return null;
  const rule = ruleOf(kind, { at: at.data ?? null, bound, other });
  return (
    <section className="rules-part">
      <h3>Flag by what the model thought</h3>
      <div className="row wrap">
        <select
          className="field"
          aria-label="Rule"
          value={kind}
          onChange={(e) => setKind(kinds.find((k) => k.kind === e.target.value)?.kind ?? null)}
        >
          {kinds.map((k) => (
            <option key={k.kind} value={k.kind}>
              {k.label}
            </option>
          ))}
        </select>
        {kind === 'surprise' && (
          <label className="row">
            <input
              className="field short"
              inputMode="decimal"
              aria-label="Quantile in percent"
              value={share}
              onChange={(e) => setShare(e.target.value)}
            />
            % of the scored
            {at.data != null && `: from ${at.data.toFixed(1)} nats a token`}
          </label>
        )}
        {kind === 'agreement' && (
          <label className="row">
            <input
              className="field short"
              inputMode="decimal"
              aria-label="Agreement in percent"
              value={bound}
              onChange={(e) => setBound(e.target.value)}
            />
            %
          </label>
        )}
        {kind === 'differs' && (
          <input
            className="field mono"
            aria-label="Other model"
            placeholder="name of the other model"
            value={other}
            onChange={(e) => setOther(e.target.value)}
          />
        )}
      </div>
      {rule !== null && <Outcome slice={slice} rule={rule} />}
    </section>
  );
};

/** The rule as words of the query bar; null while it is not whole. */
const ruleOf = (kind: Kind, given: { at: number | null; bound: string; other: string }): string | null => {
  switch (kind) {
    case 'surprise':
      return given.at === null ? null : `surprise:${given.at.toFixed(1)}..`;
    case 'agreement': {
      const bound = Math.trunc(Number(given.bound));
      return given.bound.trim() === '' || !(bound > 0) ? null : `agreement:..${bound - 1}`;
    }
    case 'differs':
      return given.other.trim() === ''
        ? null
        : `differs:${printValue({ kind: 'is', value: given.other.trim() })}`;
  }
};

const TRUTHS: Readonly<Record<RuleFigures['against'][number]['truth'], string>> = {
  verifiers: 'verifiers: flawed',
  gold: 'gold: flawed',
  answers: 'answer: wrong',
};

const Outcome = ({ slice, rule }: { slice: string; rule: string }) => {
  const found = useQuery({
    queryKey: ['local', 'rule', slice, rule],
    queryFn: () => modelsServer.rule(slice, rule),
    placeholderData: (before) => before,
    retry: false,
  });
  const query = `${slice} ${rule}`;
  const flag = async (): Promise<void> => {
    try {
      const { act, changed } = await modelsServer.flag(query);
      toast({
        text: `${count(changed)} traces flagged`,
        undo: async () => void (await modelsServer.undo(act)),
      });
    } catch (error) {
      toast({ text: `Not flagged: ${reason(error)}`, tone: 'bad' });
    }
  };
  if (found.error) return <p className="bad fs12">{reason(found.error)}</p>;
  if (!found.data) return <p className="t3 fs12">Counting…</p>;
  const { n, hits, against } = found.data;
  return (
    <>
      <p className="row">
        <span>
          Hits <b>{count(hits)}</b> of {count(n)} traces{n > 0 && ` (${((100 * hits) / n).toFixed(1)} %)`}
        </span>
        <span className="grow" />
        <a className="btn sm" href={`/samples?${new URLSearchParams({ q: query })}`}>
          Open
        </a>
        <Button small disabled={hits === 0} onClick={() => void flag()}>
          Flag {count(hits)}
        </Button>
      </p>
      <table className="tbl">
        <thead>
          <tr>
            <th>Against</th>
            <th className="num">Of the hits</th>
            <th className="num">Of all</th>
            <th className="num">Found of the flawed</th>
          </tr>
        </thead>
        <tbody>
          {against.map(({ truth, precision, base, recall }) => (
            <tr key={truth}>
              <td>{TRUTHS[truth]}</td>
              <ShareCell share={precision} />
              <ShareCell share={base} />
              <ShareCell share={recall} />
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
};

const ShareCell = ({ share }: { share: RuleFigures['against'][number]['precision'] }) =>
  share === null ? (
    <td className="num t3">none known</td>
  ) : (
    <td
      className="num"
      title={`${share.hits} of ${share.n}; 95 %: ${(100 * share.interval[0]).toFixed(1)} to ${(100 * share.interval[1]).toFixed(1)}`}
    >
      {(100 * share.value).toFixed(1)} % <span className="t3">of {count(share.n)}</span>
    </td>
  );
