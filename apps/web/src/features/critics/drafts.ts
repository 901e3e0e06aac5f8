import { CriticBody } from '@flywheel/domain/critic';
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { toast } from '../../app/toasts.ts';

/** What is being written of a critic and is not a version yet. */
export interface Draft {
  body: CriticBody;
  /** Number of the version that it began from; null for a new critic. */
  parent: number | null;
  /** The name that the version is to get; '' while none was written. */
  title: string;
  /** The schema's text while it cannot be read; `body.schema` is the last that could. null: it can. */
  schemaText: string | null;
}

interface Drafts {
  /** By critic; none where a critic stands as it was saved. */
  drafts: Readonly<Record<string, Draft>>;
}

/** Leaves out what an older page wrote and this one cannot read. */
export const readableDrafts = (drafts: unknown): Drafts['drafts'] =>
  Object.fromEntries(
    Object.entries((drafts ?? {}) as Record<string, Partial<Draft> | null>).flatMap(([critic, draft]) => {
      const body = CriticBody.safeParse(draft?.body);
      if (!body.success || !draft) return [];
      const { parent = null, title = '', schemaText = null } = draft;
      return [[critic, { body: body.data, parent, title, schemaText }]];
    }),
  );

const KEPT_AS = 'flywheel-critic-drafts';

/** The browser's storage; where it is full, that is said, and typing goes on. */
const storage = createJSONStorage<Drafts>(() => ({
  getItem: (name) => window.localStorage.getItem(name),
  setItem: (name, value) => {
    try {
      window.localStorage.setItem(name, value);
    } catch {
      toast({ text: 'The browser has no room to keep this draft: save it as a version', tone: 'bad' });
    }
  },
  removeItem: (name) => window.localStorage.removeItem(name),
}));

/** Unsaved texts, kept in the browser so that a reload loses none of them. */
export const useDrafts = create<Drafts>()(
  persist((): Drafts => ({ drafts: {} }), {
    name: KEPT_AS,
    storage,
    merge: (kept, fresh) => ({
      ...fresh,
      drafts: readableDrafts((kept as Partial<Drafts> | undefined)?.drafts),
    }),
  }),
);

// Another window writes all drafts at once, too: what it wrote is taken over, or the next key here would undo it.
globalThis.addEventListener?.('storage', ({ key }) => {
  if (key === KEPT_AS) void useDrafts.persist.rehydrate();
});

/**
 * Takes over a draft. One that says nothing beyond `newest`, the version that stands in the editor without a draft, is none;
 * one that is like an older version, has a name, or a schema that cannot be read yet, is kept.
 */
export const keepDraft = (critic: string, draft: Draft, newest: CriticBody | null): void => {
  const idle =
    newest !== null && draft.title === '' && draft.schemaText === null && sameBody(draft.body, newest);
  useDrafts.setState(({ drafts }) => {
    const { [critic]: _old, ...rest } = drafts;
    return { drafts: idle ? rest : { ...rest, [critic]: draft } };
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
  a === b ||
  (a.system === b.system &&
    a.user === b.user &&
    JSON.stringify(a.schema) === JSON.stringify(b.schema) &&
    sameFields(a.params, b.params) &&
    sameFields(a.examples, b.examples));

/** Fields count, their order and absent ones do not: a parameter that was set and cleared leaves no trace. */
const sameFields = (a: object, b: object): boolean => {
  const sorted = (o: object): string =>
    JSON.stringify(
      Object.entries(o)
        .filter(([, v]) => v !== undefined)
        .sort(([x], [y]) => (x < y ? -1 : 1)),
    );
  return sorted(a) === sorted(b);
};

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
