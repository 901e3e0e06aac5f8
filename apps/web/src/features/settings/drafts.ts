import type { Provider, ProviderSettings } from '@flywheel/domain/provider';
import { create } from 'zustand';

/** What was changed of a provider and not saved. In memory only: it may hold a key. */
export interface ProviderDraft {
  settings: ProviderSettings;
  /** undefined leaves the saved key, null removes it. */
  key: string | null | undefined;
  isNew: boolean;
}

interface Drafts {
  /** By the name that the provider had when it was opened. */
  drafts: ReadonlyMap<string, ProviderDraft>;
}

/** Drafts outlive the form: another provider or another room may be looked at meanwhile. */
export const useDrafts = create<Drafts>()(() => ({ drafts: new Map() }));

export const setDraft = (id: string, draft: ProviderDraft): void =>
  useDrafts.setState(({ drafts }) => ({ drafts: new Map(drafts).set(id, draft) }));

/** Forgets a draft. Returns what puts it back. */
export const dropDraft = (id: string): (() => void) => {
  const dropped = useDrafts.getState().drafts.get(id);
  useDrafts.setState(({ drafts }) => {
    const rest = new Map(drafts);
    rest.delete(id);
    return { drafts: rest };
  });
  return () => dropped && setDraft(id, dropped);
};

/** What a provider is without its key. */
export const settingsOf = ({ key: _key, ...settings }: Provider): ProviderSettings => settings;

/** Whether a draft differs from what is saved. */
export const isChanged = (draft: ProviderDraft | undefined, saved: Provider): boolean =>
  draft !== undefined &&
  (draft.isNew ||
    draft.key !== undefined ||
    JSON.stringify(draft.settings) !== JSON.stringify(settingsOf(saved)));
