import { Button } from '@flywheel/ui/button.tsx';
import { useEffect, useRef, useState } from 'react';
import type { OpenModel } from '../../app/inference.ts';
import type { Seat } from '../../app/local-models.ts';
import { type Ask, read, type SeenToken, write } from './console-run.ts';
import { TokenRow } from './token-row.tsx';

type Mode = 'chat' | 'text' | 'read';
const MODES: Readonly<Record<Mode, string>> = { chat: 'Conversation', text: 'Continue', read: 'Read' };

/** Speaks to the model of this tab, and shows how likely each token was. */
export const Console = ({ name, seat }: { name: string; seat: Seat | undefined }) => (
  <section className="console" aria-label="Console">
    <header className="ph">
      <h2>Console</h2>
      <span className="t3 trunc">{name}</span>
    </header>
    {seat?.state === 'ready' ? (
      <Open model={seat.open} />
    ) : (
      <p className="t3 console-note">
        {seat?.state === 'loading'
          ? 'The model is on its way.'
          : 'Load the model into this tab to speak to it: every token shows its probability and what else could have stood there.'}
      </p>
    )}
  </section>
);

const Open = ({ model }: { model: OpenModel }) => {
  const { hasTemplate } = model.loaded;
  const [mode, setMode] = useState<Mode>(hasTemplate ? 'chat' : 'text');
  const [system, setSystem] = useState('');
  const [text, setText] = useState('');
  const [fields, setFields] = useState({ temperature: '0', topP: '1', maxTokens: '128', seed: '1' });
  const [tokens, setTokens] = useState<readonly SeenToken[]>([]);
  const [note, setNote] = useState<{ text: string; bad: boolean } | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const asked = useRef<{ ask: Omit<Ask, 'kept'>; text: string } | null>(null);
  // An unloaded model is told to stop by its end; a console that goes takes its question back.
  useEffect(() => () => running?.abort(), [running]);

  const during = async (work: (signal: AbortSignal) => Promise<string>): Promise<void> => {
    const controller = new AbortController();
    setRunning(controller);
    setNote(null);
    try {
      setNote({ text: await work(controller.signal), bad: false });
    } catch (error) {
      setNote(
        controller.signal.aborted
          ? { text: 'Stopped.', bad: false }
          : { text: (error as Error).message, bad: true },
      );
    }
    setRunning(null);
  };

  const goOn = (ask: Omit<Ask, 'kept'>, kept: readonly SeenToken[]): Promise<void> =>
    during(async (signal) => {
      setTokens(kept);
      const began = performance.now();
      let n = 0;
      const finish = await write(
        model,
        { ...ask, kept },
        (token) => {
          n++;
          setTokens((now) => [...now, token]);
        },
        signal,
      );
      const rate = (1_000 * n) / (performance.now() - began);
      return `${n} tokens, ${rate.toFixed(1)}/s with reading the prompt; ${finish === 'stop' ? 'the model ended' : 'cut at its length'}.`;
    });

  const start = (): void => {
    if (mode === 'read') {
      asked.current = null;
      void during(async (signal) => {
        const seen = await read(model, text, signal);
        setTokens(seen);
        const nats = -seen.reduce((sum, t) => sum + t.logprob, 0);
        return `${seen.length} tokens, ${(nats / Math.max(1, seen.length)).toFixed(2)} nats a token.`;
      });
      return;
    }
    const ask: Omit<Ask, 'kept'> = {
      prompt:
        mode === 'text'
          ? { kind: 'text', text }
          : {
              kind: 'chat',
              messages: [
                ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]),
                { role: 'user', content: text },
              ],
            },
      sampling: {
        temperature: Math.max(0, Number(fields.temperature) || 0),
        topP: Math.min(1, Math.max(0.01, Number(fields.topP) || 1)),
        topK: 0,
        minP: 0,
        repetitionPenalty: 1,
      },
      maxTokens: Math.max(1, Math.trunc(Number(fields.maxTokens)) || 1),
      seed: Math.max(0, Math.trunc(Number(fields.seed)) || 0),
    };
    asked.current = { ask, text };
    void goOn(ask, []);
  };

  const field = (name: keyof typeof fields, label: string) => (
    <label>
      {label}
      <input
        className="field"
        inputMode="decimal"
        value={fields[name]}
        onChange={(e) => setFields((now) => ({ ...now, [name]: e.target.value }))}
      />
    </label>
  );
  return (
    <form
      className="console-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!running && text.trim() !== '') start();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.currentTarget.requestSubmit();
      }}
    >
      <div className="kinds" role="radiogroup" aria-label="What to do with the text">
        {(Object.keys(MODES) as Mode[])
          .filter((m) => m !== 'chat' || hasTemplate)
          .map((m) => (
            <button key={m} type="button" role="radio" aria-checked={mode === m} onClick={() => setMode(m)}>
              {MODES[m]}
            </button>
          ))}
      </div>
      {mode === 'chat' && (
        <input
          className="field"
          aria-label="System"
          placeholder="System, if any"
          value={system}
          onChange={(e) => setSystem(e.target.value)}
        />
      )}
      <textarea
        className="field mono"
        rows={4}
        aria-label={mode === 'chat' ? 'Message' : 'Text'}
        placeholder={
          mode === 'chat'
            ? 'What is 17 + 25?'
            : mode === 'text'
              ? 'A text that the model is to continue'
              : 'A text that the model is to read: each token shows how much it surprised'
        }
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
      <div className="row wrap console-fields">
        {mode !== 'read' && (
          <>
            {field('temperature', 'Temperature')}
            {field('topP', 'Top-p')}
            {field('maxTokens', 'Tokens')}
            {field('seed', 'Seed')}
          </>
        )}
        <span className="grow" />
        {running ? (
          <Button onClick={() => running.abort()}>Stop</Button>
        ) : (
          <Button primary submit keys="mod+Enter" disabled={text.trim() === ''}>
            {mode === 'read' ? 'Read' : 'Ask'}
          </Button>
        )}
      </div>
      <div className="console-out pane" tabIndex={0} role="group" aria-label="What came">
        <TokenRow
          tokens={tokens}
          onTake={
            asked.current && !running
              ? (at, alternative) => {
                  const kept = tokens.slice(0, at);
                  const place = tokens[at];
                  if (place && asked.current)
                    void goOn(asked.current.ask, [
                      ...kept,
                      {
                        ...place,
                        ...alternative,
                        rank: place.alternatives.findIndex((a) => a.id === alternative.id),
                      },
                    ]);
                }
              : undefined
          }
        />
        {note && (
          <p className={note.bad ? 'bad' : 't3 fs12'} role={note.bad ? 'alert' : 'status'}>
            {note.text}
          </p>
        )}
      </div>
    </form>
  );
};
