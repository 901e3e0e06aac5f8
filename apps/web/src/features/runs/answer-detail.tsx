import { RunId, type TraceId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../app/trpc.ts';

/** One result whole: what was asked, what came back, and why it failed if it did. */
export const AnswerDetail = (p: { run: RunSummary; trace: TraceId; repetition: number }) => {
  const { trace, repetition } = p;
  const answer = useQuery({
    queryKey: ['runs', 'answer', p.run.id, trace, repetition, p.run.failed],
    queryFn: () => client.runs.answer.query({ id: RunId.parse(p.run.id), trace, repetition }),
  });
  if (answer.error) return <p className="bad fs12">{answer.error.message}</p>;
  if (!answer.data) return <p className="t3 fs12">Reading…</p>;
  const { messages, text, detail, error } = answer.data;
  const raw = typeof detail?.raw === 'string' ? detail.raw : text;
  return (
    <div className="answer-detail">
      {error && <p className="bad">{error}</p>}
      {detail?.status !== undefined && detail.status !== null && (
        <p className="t2">status {String(detail.status)}</p>
      )}
      <details open>
        <summary>Response</summary>
        <pre>{raw || 'nothing came'}</pre>
      </details>
      <details>
        <summary>Request</summary>
        {messages.map((m, i) => (
          <pre key={`${i} ${m.role}`}>
            {m.role}: {m.content}
          </pre>
        ))}
      </details>
    </div>
  );
};
