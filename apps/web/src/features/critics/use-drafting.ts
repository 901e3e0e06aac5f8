import { CriticBody } from '@flywheel/domain/critic';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import { bodyOf, draftOf, dropDraft, keepDraft, sameBody } from './drafts.ts';
import type { EditorTab } from './editor-pane.tsx';
import { criticsServer } from './server.ts';
import type { OpenCritic } from './use-critic.ts';

/** Saving, restoring and discarding what is written of a critic; refuses what cannot be a version, at its place. */
export const useDrafting = (open: OpenCritic, onVersion: (version: number | null) => void) => {
  const { detail, version, body, draft, parent, change } = open;
  const { critic } = version;
  const cache = useQueryClient();
  const [tab, setTab] = useState<EditorTab>('user');
  const [asked, setAsked] = useState<'save' | 'run' | null>(null);
  const [saving, setSaving] = useState(false);
  const [busy, setBusy] = useState(false);
  const [newest] = detail.versions;
  const next = (newest?.number ?? 0) + 1;
  const same = draft ? (detail.versions.find((v) => sameBody(v, body))?.number ?? null) : null;

  const problem = ((): { tab: EditorTab; text: string } | null => {
    // The reason stands below, at its place in the text.
    if (draft !== null && draft.schemaText !== null)
      return {
        tab: 'schema',
        text: 'the schema cannot be read. What is wrong with it stands below the text.',
      };
    const issue = CriticBody.safeParse(body).error?.issues[0];
    if (!issue) return null;
    const [part] = issue.path;
    const at = part === 'system' || part === 'user' || part === 'schema' ? part : 'parameters';
    return { tab: at, text: `${issue.path.join('.')}: ${issue.message}` };
  })();

  /** Whether the draft may be saved or asked; where not, shows the part that is in the way. */
  const admit = (what: 'save' | 'run'): boolean => {
    setAsked(problem ? what : null);
    if (problem) setTab(problem.tab);
    return problem === null;
  };

  const discard = (): void => {
    const before = draftOf(critic);
    if (!before) return;
    dropDraft(critic);
    setSaving(false);
    toast({ text: 'Draft discarded', undo: () => keepDraft(critic, before, null) });
  };

  return {
    tab,
    setTab,
    next,
    same,
    busy,
    saving,
    refusal: asked && problem ? `Not ${asked === 'save' ? 'saved' : 'asked'}: ${problem.text}` : null,
    admit,
    discard,
    closeSaving: () => setSaving(false),
    setTitle: (title: string) => change({}, { title }),
    askToSave: (): void => {
      if (draft && admit('save')) setSaving(true);
    },
    save: async (): Promise<void> => {
      if (!admit('save')) return;
      setBusy(true);
      try {
        const title = draft?.title.trim() || `version ${next}`;
        const saved = await criticsServer.save(critic, body, title, parent);
        await cache.invalidateQueries({ queryKey: ['critics'] });
        // What was typed while it was being saved goes on as a draft of what was saved.
        const now = draftOf(critic);
        if (now && !sameBody(now.body, body))
          keepDraft(critic, { ...now, parent: saved.number, title: '' }, body);
        else dropDraft(critic);
        setSaving(false);
        onVersion(null);
        toast({ text: `v${saved.number} saved`, tone: 'good' });
      } catch (error) {
        toast({ text: `Not saved: ${reason(error)}`, tone: 'bad' });
      } finally {
        setBusy(false);
      }
    },
    openSame: (number: number): void => {
      discard();
      onVersion(number === newest?.number ? null : number);
    },
    /** Makes the version that is looked at the draft. */
    restore: (): void => {
      if (!newest) return;
      const before = draftOf(critic);
      const restored = { body: bodyOf(version), parent: version.number, title: '', schemaText: null };
      keepDraft(critic, restored, bodyOf(newest));
      onVersion(null);
      toast({
        text: `v${version.number} is the draft now`,
        undo: () => (before ? keepDraft(critic, before, null) : dropDraft(critic)),
      });
    },
  };
};

export type Drafting = ReturnType<typeof useDrafting>;
