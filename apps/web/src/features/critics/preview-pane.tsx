import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { type Preview, type PreviewFailure, useTokens } from './use-sample.ts';

const FAMILIES: Readonly<Record<string, string>> = {
  o200k: 'GPT-4o and later',
  cl100k: 'GPT-4',
  llama: 'Llama 3',
  qwen: 'Qwen',
  claude: 'Claude',
};

/** The prompt of the chosen trace as it would be sent; values that were put in are marked. */
export const PreviewPane = ({
  preview,
  failure,
  empty,
}: {
  preview: Preview | null;
  failure: PreviewFailure | null;
  empty: string;
}) => {
  const tokens = useTokens(preview?.messages ?? []);
  if (failure) return <ErrorState cause={failure.cause} onRetry={failure.retry} />;
  if (!preview) return <p className="t3 critic-state">{empty}</p>;
  const [first] = tokens.data ?? [];
  return (
    <>
      <div className="critic-line">
        <span className="t3">rendered in {preview.took.toFixed(1)} ms</span>
        <span className="grow" />
        {tokens.error && (
          <span className="warn" title={tokens.error.message}>
            tokens not counted
          </span>
        )}
        {first && (
          <details className="token-counts">
            <summary>
              <b>{first.tokens.toLocaleString('en')} tokens</b>
            </summary>
            <dl>
              {tokens.data?.map((t) => (
                <div key={t.family}>
                  <dt>{FAMILIES[t.family] ?? t.family}</dt>
                  <dd>
                    {t.exact ? '' : 'about '}
                    {t.tokens.toLocaleString('en')}
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
      {preview.error && (
        <p className="bad critic-state" role="alert">
          {preview.error.part}
          {preview.error.line !== null && `, line ${preview.error.line}`}: {preview.error.message}
        </p>
      )}
      <div className="messages" tabIndex={0} role="region" aria-label="Rendered prompt">
        {preview.messages.map((m, i) => (
          <section key={`${i}-${m.role}`}>
            <h3>{m.role}</h3>
            <pre>
              {preview.marked[i]?.map((piece, k) =>
                piece.value ? (
                  <span key={k} className="put-in">
                    {piece.text}
                  </span>
                ) : (
                  piece.text
                ),
              )}
            </pre>
          </section>
        ))}
      </div>
    </>
  );
};
