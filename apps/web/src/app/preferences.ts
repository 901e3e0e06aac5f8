import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const THEMES = [
  { theme: 'dark', label: 'Dark' },
  { theme: 'light', label: 'Light' },
  { theme: 'system', label: 'As the system' },
] as const;
export type Theme = (typeof THEMES)[number]['theme'];

interface Preferences {
  theme: Theme;
  reviewer: string | null;
  setTheme: (theme: Theme) => void;
  setReviewer: (name: string | null) => void;
}

/** What this browser remembers of its user. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'dark',
      reviewer: null,
      setTheme: (theme) => set({ theme }),
      setReviewer: (reviewer) => set({ reviewer }),
    }),
    { name: 'flywheel' },
  ),
);
