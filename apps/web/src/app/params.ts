import { useCallback, useMemo } from 'react';
import { useTab } from './tab.ts';
import { go, placeOf, useTabs } from './tabs.ts';

/** The tab that the caller stands in; outside of the tabs, the active one. */
const useHere = (): string | null => {
  const tab = useTab();
  const active = useTabs((s) => s.active);
  return tab?.id ?? active;
};

const searchOf = (place: string): string => {
  const at = place.indexOf('?');
  return at === -1 ? '' : place.slice(at + 1);
};

/** A function that goes to a URL from this tab: its own room moves this tab, another room's tab comes to the front. */
export const useGo = (): ((to: string, options?: { replace?: boolean }) => void) => {
  const here = useHere();
  return useCallback((to, options) => go(to, { ...options, from: here }), [here]);
};

/** The parameters of this tab's URL, whether or not it is the one in the address bar. */
export const useSearch = (): URLSearchParams => {
  const here = useHere();
  const place = useTabs((s) => (here === null ? '' : (s.places[here] ?? '')));
  return useMemo(() => new URLSearchParams(searchOf(place)), [place]);
};

/** Changes several parameters in one step of the history; an empty value leaves the URL. */
export const useSetSearch = (): ((
  changes: Readonly<Record<string, string>>,
  options?: { replace?: boolean },
) => void) => {
  const here = useHere();
  return useCallback(
    (changes, options) => {
      if (here === null) return;
      // Read now, not at the last render: two changes in one event both stay.
      const place = placeOf(here);
      const next = new URLSearchParams(searchOf(place));
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      const search = next.toString();
      go(`${place.split('?')[0]}${search && `?${search}`}`, { ...options, from: here });
    },
    [here],
  );
};

/** A parameter of this tab's URL as state; an empty value leaves the URL. `replace` keeps the change out of the history. */
export const useParam = (
  name: string,
  options: { replace?: boolean } = {},
): [string, (value: string) => void] => {
  const search = useSearch();
  const change = useSetSearch();
  const { replace = false } = options;
  const set = useCallback((value: string) => change({ [name]: value }, { replace }), [change, name, replace]);
  return [search.get(name) ?? '', set];
};
