import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface Preferences {
  theme: 'dark' | 'light';
  reviewer: string | null;
  setTheme: (theme: 'dark' | 'light') => void;
  setReviewer: (name: string) => void;
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
