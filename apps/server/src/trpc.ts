import { initTRPC, TRPCError } from '@trpc/server';
import { explain } from './errors.ts';
import type { Workspace } from './workspace.ts';

/** What a procedure may do. Today one token grants all; accounts will grant some (design section 12). */
export type Permission = 'read' | 'write' | 'review' | 'run' | 'sql' | 'files';

export interface Meta {
  permission: Permission;
}

export interface Context {
  workspace: Workspace;
  /** The caller's permissions; the owner of the start-up token and the CLI have them all. */
  permissions: ReadonlySet<Permission>;
}

export const EVERY_PERMISSION: ReadonlySet<Permission> = new Set([
  'read',
  'write',
  'review',
  'run',
  'sql',
  'files',
]);

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 20_000 } },
    errorFormatter: ({ shape }) => {
      const { stack: _stack, ...data } = shape.data;
      return { ...shape, data };
    },
  });

/** Domain errors become tRPC codes; whatever we did not foresee is logged here and told without internals. */
const boundary = t.middleware(async ({ next, path }) => {
  const result = await next();
  if (result.ok) return result;
  const { code, message, unforeseen } = explain(result.error);
  if (unforeseen) console.error(`${path}:`, result.error.cause ?? result.error);
  throw new TRPCError({ code, message });
});

const permitted = t.middleware(({ ctx, meta, next, path }) => {
  if (!meta) throw new TRPCError({ code: 'FORBIDDEN', message: `${path} names no permission.` });
  if (!ctx.permissions.has(meta.permission))
    throw new TRPCError({ code: 'FORBIDDEN', message: `This needs the permission "${meta.permission}".` });
  return next();
});

export const router = t.router;
export const createCaller = t.createCallerFactory;

/** A procedure that needs `permission`; the only way to make one. */
export const allow = (permission: Permission) =>
  t.procedure.meta({ permission }).use(boundary).use(permitted);
