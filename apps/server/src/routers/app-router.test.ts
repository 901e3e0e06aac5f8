import { describe, expect, it } from 'vitest';
import { createCaller, EVERY_PERMISSION, type Permission } from '../trpc.ts';
import type { Workspace } from '../workspace.ts';
import { appRouter } from './app-router.ts';

const procedures = Object.entries(appRouter._def.procedures) as unknown as [
  string,
  { _def: { meta?: { permission?: Permission }; type: string } },
][];

describe('permissions', () => {
  it('[R8] every procedure names one that there is', () => {
    expect(procedures.length).toBeGreaterThan(40);
    for (const [name, { _def }] of procedures)
      expect([...EVERY_PERMISSION], name).toContain(_def.meta?.permission);
  });

  it('[R8] what writes or reaches files does not go with the permission to read', () => {
    const reading = procedures.filter(([, { _def }]) => _def.meta?.permission === 'read');
    expect(reading.filter(([, { _def }]) => _def.type === 'mutation').map(([name]) => name)).toEqual([]);
  });

  it('[R8] who lacks the permission is refused before anything runs', async () => {
    // Nothing of the workspace may be touched: there is none.
    const workspace = null as unknown as Workspace;
    const reader = createCaller(appRouter)({ workspace, permissions: new Set<Permission>(['read']) });
    await expect(reader.sql.query({ text: 'SELECT 1' })).rejects.toThrow('This needs the permission "sql".');
    await expect(reader.workspace.backup()).rejects.toThrow('This needs the permission "files".');
    await expect(reader.runs.retry({ id: 1 as never })).rejects.toThrow('This needs the permission "run".');
  });
});
