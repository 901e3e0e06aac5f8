import { useEffect, useState } from 'react';

interface Gpu {
  requestAdapter(): Promise<{ info?: { vendor: string; architecture: string; description: string } } | null>;
}

/** What the browser calls its WebGPU adapter, e.g. `intel gen-12lp`; null where there is none. */
export const useAdapter = (): string | null => {
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    const gpu = (navigator as Navigator & { gpu?: Gpu }).gpu;
    let gone = false;
    gpu
      ?.requestAdapter()
      .then((adapter) => {
        const { vendor = '', architecture = '', description = '' } = adapter?.info ?? {};
        if (adapter !== null && !gone)
          setName([vendor, architecture].filter(Boolean).join(' ') || description || 'adapter');
      })
      // A label only: whoever computes on it asks again and says why it cannot.
      .catch(() => undefined);
    return () => {
      gone = true;
    };
  }, []);
  return name;
};
