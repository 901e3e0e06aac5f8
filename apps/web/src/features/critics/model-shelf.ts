import type { editor } from 'monaco-editor/editor/editor.api.js';

interface Shelved {
  model: editor.ITextModel;
  /** Caret and scroll position as they were left. */
  view: editor.ICodeEditorViewState | null;
}

/** Texts of the editors of one tab, each with its undo history, for as long as the tab is open. */
export const createModelShelf = () => {
  const shelf = new Map<string, Shelved>();
  return {
    /** The model of a name, made the first time that it is asked for. */
    of: (name: string, make: () => editor.ITextModel): Shelved => {
      const there = shelf.get(name);
      if (there && !there.model.isDisposed()) return there;
      const made = { model: make(), view: null };
      shelf.set(name, made);
      return made;
    },
    dispose: (): void => {
      for (const { model } of shelf.values()) model.dispose();
      shelf.clear();
    },
  };
};

export type ModelShelf = ReturnType<typeof createModelShelf>;
