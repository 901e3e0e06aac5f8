import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { type AppRouter, appRouter } from '../routers/app-router.ts';
import { EVERY_PERMISSION } from '../trpc.ts';
import type { Workspace } from '../workspace.ts';
import { downloadable, receiveUpload } from './files.ts';
import {
  checkBody,
  checkCaller,
  checkOrigin,
  cookieName,
  type Gate,
  hasToken,
  TOKEN_PARAMETER,
} from './guard.ts';
import { SECURITY_HEADERS } from './headers.ts';

const MAX_UPLOAD = 64 * 1024 ** 3;
const MAX_JSON = 32 * 1024 ** 2;
const UNREADABLE = 'This address cannot be read.';

export interface ServerOptions {
  workspace: Workspace;
  token: string;
  /** 0 = any free port. */
  port: number;
  /** Folder of the built front end; without it only the API answers. */
  web: string | null;
}

export interface RunningServer {
  port: number;
  /** With the token: opens a session. */
  url: string;
  close(): Promise<void>;
}

/** Opens the loopback server. Every route, static files and SSE included, passes the same checks (SPEC.md R1 to R5). */
export const serve = async (options: ServerOptions): Promise<RunningServer> => {
  const app: FastifyInstance = fastify({
    bodyLimit: MAX_JSON,
    routerOptions: { maxParamLength: 5_000 },
    forceCloseConnections: true,
    requestTimeout: 0,
    // Neither of these two passes the hooks below: an address or a request that cannot even be read.
    frameworkErrors: (_error, _request, reply) => {
      (reply as FastifyReply).headers(SECURITY_HEADERS).code(400).type('text/plain').send(UNREADABLE);
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
      const status =
        error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
      const headers = Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n${headers.join('')}\r\n`);
    },
  });
  const gate: Gate = { port: options.port, token: options.token };

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (!URL.canParse(request.url, 'http://flywheel'))
      return reply.code(400).type('text/plain').send(UNREADABLE);
    const url = new URL(request.url, 'http://flywheel');
    const refusal =
      checkOrigin(request.method, request.headers, gate) ??
      checkBody(request.method, url.pathname, request.headers);
    if (refusal) return reply.code(refusal.status).type('text/plain').send(refusal.reason);
    const given = url.searchParams.get(TOKEN_PARAMETER);
    if (given !== null && request.method === 'GET' && hasToken(given, gate)) {
      url.searchParams.delete(TOKEN_PARAMETER);
      reply.header('set-cookie', `${cookieName(gate.port)}=${gate.token}; HttpOnly; SameSite=Strict; Path=/`);
      reply.header('cache-control', 'no-store');
      return reply.redirect(`/${url.pathname.replace(/^\/+/, '')}${url.search}`, 303);
    }
    const stranger = checkCaller(request.headers, gate);
    if (stranger) return reply.code(stranger.status).type('text/plain').send(stranger.reason);
  });

  app.setErrorHandler((error: { statusCode?: number; message?: string; code?: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    // A caller that went away in the middle of an upload is no fault of ours.
    if (status >= 500 && error.code !== 'ECONNRESET') console.error(error);
    const reason = status >= 500 ? 'Flywheel failed here; the reason is in its terminal.' : error.message;
    reply.code(status).type('text/plain').send(reason);
  });

  app.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: {
      router: appRouter,
      createContext: () => ({ workspace: options.workspace, permissions: EVERY_PERMISSION }),
    } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
  });

  app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/octet-stream',
      { bodyLimit: MAX_UPLOAD },
      (_request, body, done) => {
        done(null, body);
      },
    );
    scope.post<{ Querystring: { name?: string } }>('/upload', { bodyLimit: MAX_UPLOAD }, (request) =>
      receiveUpload(options.workspace.home, request.query.name ?? '', request.raw),
    );
  });

  app.get<{ Params: { folder: string; file: string } }>('/download/:folder/:file', async (request, reply) => {
    const found = await downloadable(options.workspace.home, request.params.folder, request.params.file);
    if (!found) return reply.code(404).type('text/plain').send('There is no such file to download.');
    reply.header('content-disposition', `attachment; filename="${path.basename(found)}"`);
    reply.header('content-length', (await stat(found)).size);
    reply.header('cache-control', 'no-store');
    return reply.type('application/octet-stream').send(createReadStream(found));
  });

  const { web } = options;
  const page = web !== null && existsSync(path.join(web, 'index.html'));
  app.register(fastifyStatic, {
    // Without a front end it serves nothing by itself; models are sent through it, in parts where that is asked for.
    root: page ? web : options.workspace.home,
    serve: page,
    cacheControl: false,
    setHeaders: (response, file) => {
      response.header(
        'cache-control',
        /[\\/]assets[\\/]/.test(file) ? 'private, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });

  app.get<{ Params: { id: string; '*': string } }>('/models/:id/files/*', async (request, reply) => {
    const found = await options.workspace.models.file(request.params.id, request.params['*']);
    if (!found)
      return reply.code(404).type('text/plain').send('There is no such file of a model, or it has changed.');
    return reply.sendFile(found.path, found.folder);
  });
  app.setNotFoundHandler((request, reply) => {
    const api = /^\/(trpc|upload|download|assets|models\/[^/]+\/files)\b/.test(request.url);
    if (!page || request.method !== 'GET' || api)
      return reply.code(404).type('text/plain').send('Not found.');
    return reply.header('cache-control', 'no-cache').sendFile('index.html');
  });

  await app.listen({ host: '127.0.0.1', port: options.port });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  gate.port = address.port;
  return {
    port: gate.port,
    url: `http://127.0.0.1:${gate.port}/?${TOKEN_PARAMETER}=${options.token}`,
    close: () => app.close(),
  };
};
