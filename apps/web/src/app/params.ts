import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** A parameter of the URL as state; an empty value leaves the URL. `replace` keeps the change out of the history. */
export const useParam = (
  name: string,
  options: { replace?: boolean } = {},
): [string, (value: string) => void] => {
  const [params, setParams] = useSearchParams();
  const { replace = false } = options;
  const set = useCallback(
    (value: string) =>
      setParams(
        (now) => {
          const next = new URLSearchParams(now);
          if (value) next.set(name, value);
          else next.delete(name);
          return next;
        },
        { replace },
      ),
    [name, replace, setParams],
  );
  return [params.get(name) ?? '', set];
};
