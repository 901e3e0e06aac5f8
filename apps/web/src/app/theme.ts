import { usePreferences } from './preferences.ts';

const light = (): MediaQueryList => matchMedia('(prefers-color-scheme: light)');

/** Keeps `data-theme` of the document in step with the preference and, where that says so, with the system. */
export const followTheme = (): void => {
  const apply = (): void => {
    const { theme } = usePreferences.getState();
    document.documentElement.dataset.theme =
      theme === 'system' ? (light().matches ? 'light' : 'dark') : theme;
  };
  apply();
  usePreferences.subscribe(apply);
  light().addEventListener('change', apply);
};
