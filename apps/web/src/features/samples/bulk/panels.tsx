import { useQuery } from '@tanstack/react-query';
import { Flag, FlagOff } from 'lucide-react';
import { samplesQueries } from '../server.ts';
import { NameForm } from './name-form.tsx';

const tagProblem = (tag: string): string | null =>
  /^[^\s:,"()]{1,60}$/.test(tag) ? null : 'A tag has no spaces, colons, commas, quotes or parentheses.';

/** Flags everything, or takes the flags away. */
export const FlagPanel = ({ count, onFlag }: { count: number; onFlag: (on: boolean) => void }) => (
  <div className="pop-form" role="group" aria-label={`Flag ${count.toLocaleString('en')} traces`}>
    <p className="fs12 t2">All {count.toLocaleString('en')} traces that the filter shows</p>
    <button type="button" className="btn" onClick={() => onFlag(true)}>
      <Flag className="i i12" aria-hidden="true" />
      Flag all
    </button>
    <button type="button" className="btn" onClick={() => onFlag(false)}>
      <FlagOff className="i i12" aria-hidden="true" />
      Take flags away
    </button>
  </div>
);

/** Asks for a tag to set, or one to take away. */
export const TagPanel = ({ count, onTag }: { count: number; onTag: (tag: string, on: boolean) => void }) => {
  const tags = useQuery(samplesQueries.tags());
  const known = tags.data?.map((t) => t.tag) ?? [];
  return (
    <NameForm
      label={`Tag all ${count.toLocaleString('en')} traces`}
      submit="Tag"
      known={known}
      refuse={tagProblem}
      onName={(tag) => onTag(tag, true)}
    >
      {known.length > 0 && (
        <ul className="pop-list" aria-label="Take a tag away">
          {known.map((tag) => (
            <li key={tag}>
              <button type="button" className="btn ghost sm" onClick={() => onTag(tag, false)}>
                take away {tag}
              </button>
            </li>
          ))}
        </ul>
      )}
    </NameForm>
  );
};

/** Chooses a verifier. */
export const VerifyPanel = (p: { count: number; onVerify: (id: string, title: string) => void }) => {
  const verifiers = useQuery(samplesQueries.verifiers());
  return (
    <div className="pop-form" role="group" aria-label={`Verify ${p.count.toLocaleString('en')} traces`}>
      <p className="fs12 t2">Run over {p.count.toLocaleString('en')} traces, with progress below</p>
      {verifiers.data?.map((v) => (
        <button key={v.id} type="button" className="btn" onClick={() => p.onVerify(v.id, v.title)}>
          {v.title}
          <span className="t3 fs11">{v.scope}</span>
        </button>
      ))}
    </div>
  );
};

/** Asks for the selection's name. */
export const FreezePanel = ({ count, onName }: { count: number; onName: (name: string) => void }) => {
  const selections = useQuery(samplesQueries.selections());
  return (
    <NameForm
      label={`Freeze these ${count.toLocaleString('en')} traces as a selection, or add them to one`}
      submit="Freeze"
      known={selections.data?.map((s) => s.name) ?? []}
      onName={onName}
    />
  );
};
