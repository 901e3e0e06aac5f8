import type { ChatMessage } from '@flywheel/domain/chat';
import { Button } from '@flywheel/ui/button.tsx';
import { useEffect, useRef, useState } from 'react';
import type { OpenModel } from '../../app/inference.ts';
import type { Seat } from '../../app/local-models.ts';
import { ConsoleFields } from './console-fields.tsx';
import { askOf, type ConsoleForm, emptyForm, isWhole } from './console-form.ts';
import {
  type Ask,
  type Branch,
  EMPTY,
  type Reading,
  read,
  type Sample,
  textOf,
  write,
} from './console-run.ts';
import { SampleList } from './sample-list.tsx';
import { TokenRow } from './token-row.tsx';

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

/** What the model was asked last, and what came of it. */
type Outcome =
  | { kind: 'written'; asked: number; ask: Ask; samples: readonly Sample[] }
  | { kind: 'read'; asked: number; reading: Reading };

const Open = ({ model }: { model: OpenModel }) => {
  const [form, setForm] = useState<ConsoleForm>(() => emptyForm(model.loaded.hasTemplate));
  const [turns, setTurns] = useState<readonly ChatMessage[]>([]);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [note, setNote] = useState<{ text: string; bad: boolean } | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const asked = useRef(0);
  const top = useRef<HTMLFormElement>(null);
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

  /** Changes one sample of what is shown. */
  const change = (at: number, by: (sample: Sample) => Sample): void =>
    setOutcome((now) =>
      now?.kind === 'written' ? { ...now, samples: now.samples.map((s, i) => (i === at ? by(s) : s)) } : now,
    );

  const goOn = (ask: Ask, branch: Branch | null): Promise<void> =>
    during(async (signal) => {
      if (branch) change(branch.sample, () => branch.kept);
      else
        setOutcome({
          kind: 'written',
          asked: ++asked.current,
          ask,
          samples: Array.from({ length: ask.n }, () => EMPTY),
        });
      const began = performance.now();
      let n = 0;
      const ends = await write(
        model,
        ask,
        branch,
        (at, token, text) => {
          n++;
          change(at, (s) => ({ ...s, tokens: [...s.tokens, token], upTo: [...s.upTo, text] }));
        },
        signal,
      );
      for (const [i, finish] of ends.entries()) change(branch?.sample ?? i, (s) => ({ ...s, finish }));
      const rate = (1_000 * n) / (performance.now() - began);
      return `${n} tokens, ${rate.toFixed(1)}/s with reading the prompt.`;
    });

  const start = (): void => {
    if (form.mode !== 'read') {
      void goOn(askOf(form, turns), null);
      return;
    }
    void during(async (signal) => {
      const reading = await read(model, form.text, signal);
      setOutcome({ kind: 'read', asked: ++asked.current, reading });
      const nats = -reading.tokens.reduce((sum, t) => sum + t.logprob, 0);
      return `${reading.tokens.length} tokens, ${(nats / Math.max(1, reading.tokens.length)).toFixed(2)} nats a token.`;
    });
  };

  /** What was asked and answered becomes what was said before. */
  const reply = (ask: Ask, sample: Sample): void => {
    if (ask.prompt.kind !== 'chat') return;
    const said = ask.prompt.messages.filter((m) => m.role !== 'system');
    setTurns([...said, { role: 'assistant', content: textOf(sample) }]);
    setForm((now) => ({ ...now, mode: 'chat', text: '' }));
    setOutcome(null);
    setNote(null);
    top.current?.querySelector('textarea')?.focus();
  };

  return (
    <form
      ref={top}
      className="console-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!running && isWhole(form)) start();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && running) running.abort();
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
          event.currentTarget.requestSubmit();
        else return;
        event.preventDefault();
      }}
    >
      <ConsoleFields
        form={form}
        canChat={model.loaded.hasTemplate}
        turns={turns}
        onChange={(changed) => setForm((now) => ({ ...now, ...changed }))}
        onForget={() => setTurns([])}
      >
        {running ? (
          <Button keys="Escape" onClick={() => running.abort()}>
            Stop
          </Button>
        ) : (
          <Button primary submit keys="mod+Enter" disabled={!isWhole(form)}>
            {form.mode === 'read' ? 'Read' : 'Ask'}
          </Button>
        )}
      </ConsoleFields>
      <div className="console-out pane" tabIndex={0} role="group" aria-label="What came">
        {outcome?.kind === 'written' && (
          <SampleList
            key={outcome.asked}
            samples={outcome.samples}
            busy={running !== null}
            onBranch={(branch) => void goOn(outcome.ask, branch)}
            onReply={outcome.ask.prompt.kind === 'chat' ? (sample) => reply(outcome.ask, sample) : undefined}
          />
        )}
        {outcome?.kind === 'read' && <TokenRow key={outcome.asked} label="The text" {...outcome.reading} />}
        {note && (
          <p className={note.bad ? 'bad' : 't3 fs12'} role={note.bad ? 'alert' : 'status'}>
            {note.text}
          </p>
        )}
      </div>
    </form>
  );
};
