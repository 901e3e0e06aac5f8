import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Owns who may talk to the server: decided from the request's headers alone, before any route runs.
 * Does not own what a caller may do then (`trpc.ts`).
 */
export interface Gate {
  port: number;
  token: string;
}

export const COOKIE = 'flywheel';
export const TOKEN_PARAMETER = 'token';

export type Refusal = { status: 400 | 401 | 403 | 405 | 415; reason: string };

const sameText = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

export const cookieName = (port: number): string => `${COOKIE}_${port}`;

/** The value of our cookie in a Cookie header. Ports share a host's cookies, hence the port in its name. */
const cookie = (headers: IncomingHttpHeaders, port: number): string | null => {
  const prefix = `${cookieName(port)}=`;
  const found = headers.cookie
    ?.split(';')
    .map((c) => c.trim())
    .find((c) => c.startsWith(prefix));
  return found ? found.slice(prefix.length) : null;
};

export const hasToken = (given: string | null | undefined, gate: Gate): boolean =>
  typeof given === 'string' && sameText(given, gate.token);

/** [R1] [R2] [R3] Exact Host, Origin and Sec-Fetch-Site; null when they are ours. */
export const checkOrigin = (method: string, headers: IncomingHttpHeaders, gate: Gate): Refusal | null => {
  const hosts = [`127.0.0.1:${gate.port}`, `localhost:${gate.port}`, `[::1]:${gate.port}`];
  if (!headers.host || !hosts.includes(headers.host))
    return { status: 403, reason: 'This Host is not served here.' };
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`)
    return { status: 403, reason: 'Requests from other origins are refused.' };
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') {
    // A typed address or a bookmark is `none`; a link elsewhere may open the start page, which shows nothing without a cookie.
    const navigates =
      method === 'GET' &&
      headers['sec-fetch-mode'] === 'navigate' &&
      headers['sec-fetch-dest'] === 'document';
    if (!(site === 'none' && navigates))
      return { status: 403, reason: 'Requests from other sites are refused.' };
  }
  return null;
};

/** [R4] The cookie from the start-up link, or the token as a bearer (the CLI, which reads it from a file only its user can). */
export const checkCaller = (headers: IncomingHttpHeaders, gate: Gate): Refusal | null => {
  const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  if (hasToken(bearer, gate) || hasToken(cookie(headers, gate.port), gate)) return null;
  return {
    status: 401,
    reason: 'Open Flywheel with the link that `npm start` printed; this browser has no session.',
  };
};

/** [R5] Bodies are JSON for tRPC and raw bytes for uploads; what a form could send is refused. */
export const checkBody = (method: string, path: string, headers: IncomingHttpHeaders): Refusal | null => {
  if (method === 'GET' || method === 'HEAD') return null;
  if (method !== 'POST') return { status: 405, reason: 'Only GET and POST are served.' };
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  const wanted = path.startsWith('/upload') ? 'application/octet-stream' : 'application/json';
  return type === wanted ? null : { status: 415, reason: `Send ${wanted}.` };
};
