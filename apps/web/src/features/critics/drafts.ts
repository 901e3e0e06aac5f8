import { CriticBody } from '@flywheel/domain/critic';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** What is being written of a critic and is not a version yet. */
export interface Draft {
  body: CriticBody;
  /** Number of the version that it began from; null for a new critic. */
  parent: number | null;
}

interface Drafts {
  /** By critic; none where a critic stands as it was saved. */
  drafts: Readonly<Record<string, Draft>>;
}

/** Leaves out what an older page wrote and this one cannot read. */
const readable = (drafts: unknown): Drafts['drafts'] =>
  Object.fromEntries(
    Object.entries((drafts ?? {}) as Record<string, Partial<Draft>>).flatMap(([critic, draft]) => {
      const body = CriticBody.safeParse(draft?.body);
      return body.success ? [[critic, { body: body.data, parent: draft.parent ?? null }]] : [];
    }),
  );

/** Unsaved texts, kept in the browser so that a reload loses none of them. */
export const useDrafts = create<Drafts>()(
  persist((): Drafts => ({ drafts: {} }), {
    name: 'flywheel-critic-drafts',
    merge: (kept, fresh) => ({ ...fresh, drafts: readable((kept as Partial<Drafts> | undefined)?.drafts) }),
  }),
);

/** Takes over a text; a draft that is like its version is none. */
export const keepDraft = (critic: string, draft: Draft, saved: CriticBody | null): void => {
  useDrafts.setState(({ drafts }) => {
    const { [critic]: _old, ...rest } = drafts;
    return { drafts: saved && sameBody(draft.body, saved) ? rest : { ...rest, [critic]: draft } };
  });
};

export const dropDraft = (critic: string): void => {
  useDrafts.setState(({ drafts }) => {
    const { [critic]: _old, ...rest } = drafts;
    return { drafts: rest };
  });
};

/** Whether two bodies ask the same. */
export const sameBody = (a: CriticBody, b: CriticBody): boolean =>
  a.system === b.system &&
  a.user === b.user &&
  JSON.stringify(a.schema) === JSON.stringify(b.schema) &&
  JSON.stringify(a.params) === JSON.stringify(b.params) &&
  JSON.stringify(a.examples) === JSON.stringify(b.examples);

/** The parts of a version that make its body. */
export const bodyOf = ({ system, user, schema, params, examples }: CriticBody): CriticBody => ({
  system,
  user,
  schema,
  params,
  examples,
});

/** What is kept unsaved of a critic. */
export const draftOf = (critic: string): Draft | undefined => useDrafts.getState().drafts[critic];

/** Everything of a body as one text, for a diff. */
export const wholeText = ({ system, user, schema, params, examples }: CriticBody): string =>
  [
    `{# system #}\n${system}`,
    `{# user #}\n${user}`,
    `{# schema #}\n${JSON.stringify(schema, null, 2)}`,
    `{# parameters #}\n${JSON.stringify({ params, examples }, null, 2)}`,
  ].join('\n\n');
