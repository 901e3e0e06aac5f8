import type { ModelId } from '@flywheel/domain/model';
import { Button } from '@flywheel/ui/button.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { registeredSource, type Seat, unloadModel } from '../../app/local-models.ts';
import { forgetPicked } from '../../app/picked-models.ts';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import type { LocalKind } from './launch-fields.ts';
import { LoadPart } from './load-part.tsx';
import { MODELS, modelsServer } from './server.ts';
import { nameOf, type ShownModel } from './shown-model.ts';
import { TriesTable } from './tries-table.tsx';
import { megabytes, originWords } from './words.ts';

interface ModelDetailProps {
  shown: ShownModel;
  seat: Seat | undefined;
  onRemoved: () => void;
  onLaunch: (kind: LocalKind) => void;
}

/** One model: load it here, what it is, how it did where it was tried, what it can be asked for. */
export const ModelDetail = ({ shown, seat, onRemoved, onLaunch }: ModelDetailProps) => {
  const cache = useQueryClient();
  const name = nameOf(shown);
  const model = shown.kind === 'registered' ? shown.of : null;
  const source = shown.kind === 'registered' ? registeredSource(shown.of) : shown.of.source;
  const remove = async (): Promise<void> => {
    if (shown.kind === 'picked') {
      forgetPicked(name);
      onRemoved();
      return;
    }
    try {
      const removed = await modelsServer.remove(name as ModelId);
      unloadModel(name);
      await cache.invalidateQueries(MODELS);
      onRemoved();
      toast({
        text: `${name} forgotten; its files stay`,
        undo: async () => {
          await modelsServer.restore(removed);
          await cache.invalidateQueries(MODELS);
        },
      });
    } catch (error) {
      toast({ text: `Not removed: ${reason(error)}`, tone: 'bad' });
    }
  };
  return (
    <div className="model-detail pane" tabIndex={0} role="group" aria-label={`Model ${name}`}>
      <header className="row model-head">
        <h2 className="mono trunc" title={name}>
          {name}
        </h2>
        <span className="grow" />
        <Button
          small
          ghost
          onClick={() => void remove()}
          title="Forgets the model; its files stay where they are"
        >
          Remove
        </Button>
      </header>
      <LoadPart
        name={name}
        source={source}
        registered={model !== null}
        variants={shown.of.variants}
        seat={seat}
      />
      {model && (
        <section>
          <h3>Ask it about traces</h3>
          <div className="row wrap">
            <Button onClick={() => onLaunch('score')} title="How surprised is it by each step?">
              Score
            </Button>
            <Button onClick={() => onLaunch('sample')} title="What does it say when it is asked again?">
              Sample
            </Button>
            <Button
              onClick={() => onLaunch('step-label')}
              title="From which steps can it still reach the right answer?"
            >
              Label steps
            </Button>
          </div>
        </section>
      )}
      <Facts shown={shown} />
      {model && (
        <section>
          <h3>Where it was tried</h3>
          <TriesTable tries={model.tries} />
        </section>
      )}
      <section>
        <h3>
          Files <span className="t3">{shown.of.files.length}</span>
        </h3>
        <ul className="model-files">
          {shown.of.files.map((f) => (
            <li key={f.path}>
              <span className="mono trunc" title={f.path}>
                {f.path}
              </span>
              <span className="t3">{megabytes(f.bytes)}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
};

const Facts = ({ shown }: { shown: ShownModel }) => {
  const { architecture: a, chat } = shown.of;
  const facts: [string, string][] = [
    ...(shown.kind === 'registered'
      ? ([
          ['from', originWords(shown.of.origin)],
          ['licence', shown.of.licence ?? 'not said in its card'],
        ] satisfies [string, string][])
      : ([['from', 'a folder that was picked; it is of this tab only']] satisfies [string, string][])),
    ['kind', `${a.type}, ${a.layers} layers of ${a.width}`],
    ['vocabulary', a.vocabulary.toLocaleString('en')],
    ['context', `${a.context.toLocaleString('en')} tokens`],
    ['conversation', chat ? 'has a chat template' : 'continues plain text only'],
  ];
  return (
    <section>
      <h3>What it is</h3>
      <dl className="model-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="trunc" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
};
