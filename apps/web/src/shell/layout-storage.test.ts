import { describe, expect, it } from 'vitest';
import { readLayout, writeLayout } from './layout-storage.ts';

const store = () => {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};

const layout = (ids: readonly string[], places: Record<string, string> = {}) => ({
  grid: { panels: Object.fromEntries(ids.map((id) => [id, {}])), grid: {} },
  places,
  front: ids[0] ?? null,
});

describe('the kept layout', () => {
  it('[R4] comes back for the workspace that it was kept for', () => {
    const storage = store();
    const places = { samples: '/samples?q=outcome%3Awrong', 'samples:2': '/samples' };
    writeLayout(storage, '/a', layout(['samples', 'samples:2', 'review'], places));
    expect(readLayout(storage, '/a')).toMatchObject({ places, front: 'samples' });
    expect(readLayout(storage, '/b')).toBeNull();
  });

  it.each([
    ['a room that there is not', layout(['samples', 'kitchen'])],
    ['a tab at a place of another room', layout(['samples'], { samples: '/review' })],
    ['a place outside of the workbench', layout(['samples'], { samples: 'https://evil.example/samples' })],
    ['a place of a tab that there is not', layout(['samples'], { review: '/review' })],
    ['no tab at all', layout([])],
    ['more tabs than anyone opens', layout(Array.from({ length: 30 }, (_, i) => `samples:${i + 1}`))],
  ])('[R4] is dropped when it names %s', (_, bad) => {
    const storage = store();
    writeLayout(storage, '/a', bad);
    expect(storage.kept.size).toBe(1);
    expect(readLayout(storage, '/a')).toBeNull();
  });

  it('[R4] is dropped when it is not what was written', () => {
    const storage = store();
    for (const text of ['', '{', 'null', '[]', '{"version":2}', '{"version":1,"grid":{"panels":3}}']) {
      storage.kept.set('flywheel.layout./a', text);
      expect(readLayout(storage, '/a'), text).toBeNull();
    }
  });
});
