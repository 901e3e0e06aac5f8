import { categoryLabel } from '@flywheel/domain/category';
import type { CriticBody } from '@flywheel/domain/critic';
import type { TraceDetail } from '@flywheel/domain/trace';
import { parseAnswer } from '@flywheel/judges/critic/parse-answer';
import type { Try } from './tries.ts';
import { placeWord } from './verdict.tsx';

const money = (usd: number | null): string => (usd === null ? 'cost unknown' : `$${usd.toFixed(4)}`);

/** What the model said of the chosen trace: the text as it comes, and what it came to under the schema as it stands. */
export const ResponsePane = (p: {
  tried: Try | undefined;
  /** Why it no longer says what would be answered now; null: it does. */
  stale: string | null;
  trace: TraceDetail | null;
  body: CriticBody;
}) => {
  const { tried, trace } = p;
  if (!tried || !trace)
    return <p className="t3 critic-state">Nothing was asked about this trace yet. Run pinned asks.</p>;
  // Read again with the schema of the editor: changing it shows at once what becomes of real answers.
  const parsed =
    tried.state === 'done'
      ? parseAnswer(tried.text, tried.answer.finish, p.body.schema, trace.steps.length)
      : null;
  return (
    <div className="response" tabIndex={0} role="region" aria-label="Response">
      {p.stale && tried.state !== 'asking' && tried.state !== 'waiting' && (
        <p className="stale-note">This answer is {p.stale}. Run pinned asks anew.</p>
      )}
      <div aria-live="polite">
        {tried.state === 'waiting' && <p className="t2">Waiting: three are asked at a time.</p>}
        {tried.state === 'stopped' && <p className="t2">Stopped before the answer came.</p>}
        {tried.state === 'asking' && <p className="acc">Asking…</p>}
        {tried.state === 'failed' && (
          <p className="bad" role="alert">
            {tried.message} {tried.remedy}
          </p>
        )}
        {parsed?.ok && (
          <dl>
            <dt>first error</dt>
            <dd className="mono">{placeWord(parsed.firstError)}</dd>
            <dt>category</dt>
            <dd>{parsed.category ? categoryLabel(parsed.category) : 'none'}</dd>
            <dt>confidence</dt>
            <dd>{parsed.confidence?.toFixed(2) ?? 'none'}</dd>
            <dt>rationale</dt>
            <dd>{parsed.rationale || 'none'}</dd>
          </dl>
        )}
        {parsed && !parsed.ok && (
          <p className="bad">
            It did not parse ({parsed.reason}): {parsed.detail}
          </p>
        )}
      </div>
      {tried.state === 'done' && (
        <p className="t3 critic-line">
          {tried.cached ? 'from the cache' : `${(tried.answer.modelMs / 1_000).toFixed(1)} s at the model`}
          {!tried.cached && tried.queueMs > 50 && `, ${(tried.queueMs / 1_000).toFixed(1)} s waiting`},{' '}
          {tried.answer.usage.input.toLocaleString('en')} tokens in,{' '}
          {tried.answer.usage.output.toLocaleString('en')} out
          {tried.answer.usage.estimated && ' (estimated)'}
          {!tried.cached && `, ${money(tried.cost)}`}
        </p>
      )}
      <h3>As it came</h3>
      <pre>{tried.text || ' '}</pre>
    </div>
  );
};
