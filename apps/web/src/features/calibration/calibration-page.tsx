import { GIVEN_OUTCOME, judgeKind, judgeName } from '@flywheel/domain/ids';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AgreementSection } from './agreement-section.tsx';
import './calibration.css';
import { Disagreements } from './disagreements.tsx';
import { DistanceBars, VerdictTable } from './distance-bars.tsx';
import { figureRows } from './figure-rows.ts';
import { FiguresTable } from './figures-table.tsx';
import { calibrationServer } from './server.ts';

export interface CalibrationChoice {
  judge: string | null;
  /** null = the server's own choice: given outcome for a judge of outcomes, else people's labels. */
  gold: string | null;
  query: string;
}

export interface CalibrationPageProps {
  choice: CalibrationChoice;
  onChoose: (choice: CalibrationChoice) => void;
}

/** Any judge against gold over a slice. */
export const CalibrationPage = ({ choice, onChoose }: CalibrationPageProps) => {
  const judges = useQuery({ queryKey: ['calibration', 'judges'], queryFn: calibrationServer.judges });
  const names = [...new Set(judges.data?.map((j) => j.judge) ?? [])];
  const scored = names.find((name) => judgeKind(name) !== 'human') ?? names[0] ?? null;
  const judge = choice.judge ?? scored;
  const compared = useQuery({
    queryKey: ['calibration', 'compare', judge, choice.gold, choice.query],
    queryFn: () =>
      calibrationServer.compare({ judge: judge ?? '', gold: choice.gold ?? undefined, query: choice.query }),
    enabled: judge !== null,
    placeholderData: (before) => before,
  });
  const c = compared.data;
  return (
    <div className="cal" tabIndex={0}>
      <Choose choice={{ ...choice, judge }} names={names} onChoose={onChoose} />
      {judges.error && <p className="bad">The judges could not be listed: {judges.error.message}</p>}
      {judges.data && names.length === 0 && (
        <p>
          No judge has given a verdict yet. Run a verifier from <a href="/samples">Samples</a>, or label
          traces in <a href="/review">Review</a>.
        </p>
      )}
      {compared.isLoading && <p className="t3">Comparing…</p>}
      {compared.error && (
        <p className="bad">
          {compared.error.message}{' '}
          <button type="button" className="btn" onClick={() => void compared.refetch()}>
            Try again
          </button>
        </p>
      )}
      {c && c.n === 0 && (
        <p>
          No trace of this slice has a verdict of both {judgeName(c.judge)} and {judgeName(c.gold)}. Choose
          another gold or a wider slice.
        </p>
      )}
      {c && c.n > 0 && (
        <div aria-busy={compared.isFetching}>
          <h2>
            <span className="mono">{judgeName(c.judge)}</span> against{' '}
            <span className="mono">{judgeName(c.gold)}</span>{' '}
            <span className="t3">
              n {c.n.toLocaleString('en')}: {c.flawed.toLocaleString('en')} flawed,{' '}
              {c.clean.toLocaleString('en')} clean
            </span>
          </h2>
          <FiguresTable rows={figureRows(c)} />
          <div className="cal-two">
            <DistanceBars confusion={c.confusion} distance={c.distance} />
            <VerdictTable confusion={c.confusion} />
          </div>
          <Disagreements judge={c.judge} gold={c.gold} items={c.verdicts} />
        </div>
      )}
      <AgreementSection query={choice.query} />
    </div>
  );
};

const Choose = (p: CalibrationPageProps & { names: readonly string[] }) => {
  const { choice, onChoose } = p;
  const [text, setText] = useState(choice.query);
  return (
    <form
      className="cal-choose"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose({ ...choice, query: text });
      }}
    >
      <label>
        judge
        <select value={choice.judge ?? ''} onChange={(e) => onChoose({ ...choice, judge: e.target.value })}>
          {p.names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        gold
        <select
          value={choice.gold ?? ''}
          onChange={(e) => onChoose({ ...choice, gold: e.target.value || null })}
        >
          <option value="">as fits the judge</option>
          {[...new Set([GIVEN_OUTCOME as string, ...p.names])].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="grow">
        slice
        <input
          className="mono"
          value={text}
          placeholder="all traces, or a query such as task:gsm8k outcome:wrong"
          onChange={(e) => setText(e.target.value)}
        />
      </label>
      <button type="submit" className="btn">
        Compare
      </button>
    </form>
  );
};
