import type { Provider } from '@flywheel/domain/provider';
import { parseQuery } from '@flywheel/domain/query/parse';
import { Button } from '@flywheel/ui/button.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { NumberField } from '../../app/dialogs/number-field.tsx';
import { RoomDialog } from '../../app/dialogs/room-dialog.tsx';
import { SliceField } from '../../app/dialogs/slice-field.tsx';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import { ModelPicker, type Where } from './model-picker.tsx';
import type { ReadSuite, SuiteField } from './suite-fields.ts';

interface SuiteProps<Launch, Plan> {
  title: string;
  /** What it does, in a sentence. */
  about: string;
  sliceLabel: string;
  providers: readonly Provider[];
  where: Where;
  fields: readonly SuiteField[];
  /** Further controls, below those for the model. */
  more?: ReactNode;
  read: (texts: Readonly<Record<string, string>>, where: Where, query: string) => ReadSuite<Launch>;
  plan: (launch: Launch) => Promise<Plan>;
  planText: (plan: Plan, old: boolean) => ReactNode;
  startable: (plan: Plan) => boolean;
  start: (launch: Launch) => Promise<{ id: number }>;
  onStarted: (run: number) => void;
  onClose: () => void;
}

/** What a suite asks, before it is asked: where, of which traces, how much of it. */
export const SuiteDialog = <Launch, Plan>(p: SuiteProps<Launch, Plan>) => (
  <RoomDialog label={p.title} onClose={p.onClose}>
    <Form {...p} />
  </RoomDialog>
);

const Form = <Launch, Plan>(p: SuiteProps<Launch, Plan>) => {
  const [where, setWhere] = useState(p.where);
  const [query, setQuery] = useState('');
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const read = p.read(texts, where, query);
  const [queryProblem] = parseQuery(query).errors;
  const launch = queryProblem || where.model === '' ? null : read.launch;
  const plan = useQuery({
    queryKey: ['critics', 'suite-plan', p.title, launch],
    queryFn: () => p.plan(launch as Launch),
    enabled: launch !== null,
    placeholderData: (before) => before,
    retry: false,
  });
  const startable =
    launch !== null && !busy && plan.data !== undefined && !plan.error && p.startable(plan.data);
  const start = async (): Promise<void> => {
    if (launch === null) return;
    setBusy(true);
    try {
      p.onStarted((await p.start(launch)).id);
    } catch (error) {
      toast({ text: `Not started: ${error instanceof Error ? error.message : error}`, tone: 'bad' });
      setBusy(false);
    }
  };
  return (
    <form
      className="launch-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (startable) void start();
      }}
    >
      <header className="wide">
        <h2>{p.title}</h2>
        <p className="t2 fs12">{p.about}</p>
      </header>
      <div className="wide">
        <SliceField label={p.sliceLabel} query={query} onQuery={setQuery} />
      </div>
      <div className="wide launch-where">
        <span className="t2 fs12">The critic is asked of</span>
        <ModelPicker providers={p.providers} where={where} onChange={setWhere} />
      </div>
      {p.more}
      {p.fields.map(({ name, ...field }) => (
        <NumberField
          key={name}
          {...field}
          value={texts[name] ?? ''}
          problem={read.problems[name] ?? ''}
          onText={(text) => setTexts((now) => ({ ...now, [name]: text }))}
        />
      ))}
      <div className="wide plan" aria-live="polite">
        {launch === null ? (
          <p className="t3">Once the fields above are whole, what would be asked stands here.</p>
        ) : plan.error ? (
          <ErrorState cause={reason(plan.error)} onRetry={() => plan.refetch()} />
        ) : plan.data ? (
          p.planText(plan.data, plan.isPlaceholderData)
        ) : (
          <p className="t3">Looking at the traces…</p>
        )}
      </div>
      <footer className="wide row">
        <span className="grow" />
        <Button onClick={p.onClose}>Cancel</Button>
        <Button primary submit disabled={!startable}>
          Start
        </Button>
      </footer>
    </form>
  );
};
