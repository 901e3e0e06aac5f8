import { Kbd } from '@flywheel/ui/kbd.tsx';
import { KEYS } from './keymap.ts';
import { hourly, recentRate } from './rate.ts';
import type { KindAgreement } from './session-agreement.ts';
import type { Tally } from './sitting.ts';
import { Sparkline } from './sparkline.tsx';

export interface SessionPanelProps {
  reviewed: number;
  total: number | null;
  /** Times of this sitting's reviews, ms since 1970. */
  times: readonly number[];
  startedAt: number;
  now: number;
  tally: Tally;
  agreement: readonly KindAgreement[];
}

const LETTER = { verifier: 'V', critic: 'C', local: 'L' } as const;

/** The sitting in figures, agreement on what is committed, and the keys. */
export const SessionPanel = (p: SessionPanelProps) => {
  const rate = recentRate(p.times, p.now);
  const committed = p.agreement.filter((a) => a.n > 0);
  return (
    <aside className="rv-side" aria-label="Session">
      <div className="rv-side-head">
        <h2>Session</h2>
        <span className="grow" />
        <span className="t3">{Math.floor((p.now - p.startedAt) / 60_000)} min</span>
      </div>
      <div className="rv-side-body" tabIndex={0}>
        <section>
          <div className="row">
            <span className="rv-figure">{p.reviewed.toLocaleString('en')}</span>
            <span className="t2">of {p.total === null ? '…' : p.total.toLocaleString('en')} reviewed</span>
            <span className="grow" />
            {p.total !== null && p.total > 0 && (
              <span className="t2">{((100 * p.reviewed) / p.total).toFixed(1)} %</span>
            )}
          </div>
          <Sparkline
            values={hourly(p.times, p.now, 16)}
            title="traces a minute"
            latest={rate === null ? '–' : rate.toFixed(1)}
            from="60 min ago"
          />
          <dl className="rv-kv">
            <dt>this session</dt>
            <dd>{p.tally.total}</dd>
            <dt>first error set</dt>
            <dd>{p.tally.located}</dd>
            <dt>clean</dt>
            <dd>{p.tally.clean}</dd>
            <dt>skipped</dt>
            <dd>{p.tally.skipped}</dd>
            {p.tally.gaveUp > 0 && (
              <>
                <dt>given up</dt>
                <dd>{p.tally.gaveUp}</dd>
              </>
            )}
            <dt>flagged</dt>
            <dd>{p.tally.flagged}</dd>
          </dl>
        </section>
        <section>
          <h3>Agreement on committed traces</h3>
          {committed.length === 0 ? (
            <p className="t3 fs12">No committed trace of this session has a judge's verdict yet.</p>
          ) : (
            <>
              <dl className="rv-kv">
                {committed.map((a) => (
                  <div key={a.kind} className="pair">
                    <dt>
                      <span className={`rv-jb one${a.kind === 'verifier' ? '' : ' ai'}`}>
                        <b>{LETTER[a.kind]}</b>
                      </span>
                      {a.kind}
                      <span className="t3">n {a.n}</span>
                    </dt>
                    <dd title={a.kappa === null ? 'kappa is not defined while nothing varies' : undefined}>
                      {a.kappa === null ? '–' : a.kappa.toFixed(2)}
                    </dd>
                  </div>
                ))}
              </dl>
              <p className="t3 fs12">Cohen's kappa on the first error. Shown after commit only.</p>
            </>
          )}
        </section>
        <section>
          <h3>Keys</h3>
          <ul className="rv-keys">
            {KEYS.map(({ keys, text }) => (
              <li key={text}>
                <span className="rv-caps">
                  {keys.map((key) => (
                    <Kbd key={key} keys={key} />
                  ))}
                </span>
                <span>{text}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </aside>
  );
};
