import { useEffect } from 'react';
import { create } from 'zustand';
import { useTab } from './tab.ts';

/** Ids of the tabs that show something unsaved; the shell puts a dot on them. */
export const useUnsavedTabs = create<{ ids: ReadonlySet<string> }>()(() => ({ ids: new Set() }));

const mark = (id: string, unsaved: boolean): void =>
  useUnsavedTabs.setState(({ ids }) => {
    const next = new Set(ids);
    if (unsaved) next.add(id);
    else next.delete(id);
    return { ids: next };
  });

/** Says whether this tab shows something that is not saved yet. What is unsaved outlives the tab: the dot asks for nothing. */
export const useUnsaved = (unsaved: boolean): void => {
  const id = useTab()?.id;
  useEffect(() => {
    if (id === undefined || !unsaved) return;
    mark(id, true);
    return () => mark(id, false);
  }, [id, unsaved]);
};
