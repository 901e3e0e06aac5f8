import { lookup } from 'node:dns';
import type { Readable } from 'node:stream';
import { checkUrl, guardedLookup } from '@flywheel/providers/address-guard';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { HubReference } from './hub-reference.ts';

const Siblings = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  cardData: z.looseObject({ license: z.unknown() }).nullish(),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().int().min(0).optional(),
      blobId: z.string().optional(),
      lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int() }).nullish(),
    }),
  ),
});

/** A file of a repository, and what it must be. */
export interface HubFile {
  path: string;
  bytes: number;
  /** Of large files: of their content. Of others Git's id of the content, a SHA-1 over a header and it. */
  hash: { kind: 'sha256' | 'git'; value: string };
}

export interface HubRepository {
  commit: string;
  licence: string | null;
  files: HubFile[];
}

const REDIRECTS = 5;
/** Milliseconds without a byte after which a connection counts as dead. */
const SILENCE_MS = 30_000;
const HUB = 'https://huggingface.co';

/**
 * The Hub, or a mirror of it (`HF_ENDPOINT`). Addresses are checked before they are connected to; redirects are followed, as the
 * Hub sends large files from elsewhere, but its token (`HF_TOKEN`) goes to the Hub's own origin only.
 */
export class HubClient {
  readonly endpoint: string;
  private readonly token: string | null;
  private readonly allowPrivate: boolean;
  private readonly agent: Agent;

  constructor(env: Readonly<Record<string, string | undefined>> = process.env) {
    this.endpoint = (env.HF_ENDPOINT ?? HUB).replace(/\/+$/, '');
    this.token = env.HF_TOKEN ?? null;
    // Whoever names a mirror of their own network means it.
    this.allowPrivate = env.HF_ENDPOINT !== undefined;
    this.agent = new Agent({
      connect: { lookup: guardedLookup(this.allowPrivate, lookup), timeout: 10_000 },
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
    });
  }

  /** What a repository holds at a revision. @throws UserError that says why it cannot be told */
  async repository({ repository, revision }: HubReference, signal: AbortSignal): Promise<HubRepository> {
    const at = `/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
    const body = await this.get(at, {}, signal, repository);
    let text = '';
    for await (const chunk of body.stream.setEncoding('utf8')) text += chunk;
    const read = Siblings.safeParse(jsonOf(text));
    if (!read.success)
      throw new UserError(
        `${this.endpoint} answered with something that is no list of files. Check HF_ENDPOINT.`,
      );
    const { sha, siblings, cardData } = read.data;
    return {
      commit: sha,
      licence: typeof cardData?.license === 'string' ? cardData.license : null,
      files: siblings.flatMap(({ rfilename: path, size, lfs, blobId }): HubFile[] => {
        const bytes = lfs?.size ?? size;
        const hash = lfs
          ? { kind: 'sha256' as const, value: lfs.sha256 }
          : { kind: 'git' as const, value: blobId ?? '' };
        return bytes === undefined || hash.value === '' ? [] : [{ path, bytes, hash }];
      }),
    };
  }

  /** The bytes of a file from `from` on. @throws UserError for what no further try will mend */
  async file(
    repository: string,
    commit: string,
    path: string,
    from: number,
    signal: AbortSignal,
  ): Promise<{ stream: Readable; from: number }> {
    const at = `/${repository}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
    return this.get(at, from > 0 ? { range: `bytes=${from}-` } : {}, signal, repository);
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async get(
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
    repository: string,
  ): Promise<{ stream: Readable; from: number }> {
    let url = checkUrl(`${this.endpoint}${path}`, this.allowPrivate);
    const { origin } = url;
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const own: Record<string, string> =
        url.origin === origin && this.token ? { authorization: `Bearer ${this.token}` } : {};
      const answer = await request(url, { dispatcher: this.agent, headers: { ...headers, ...own }, signal });
      const { statusCode: status, body } = answer;
      const location = answer.headers.location;
      if (status >= 300 && status < 400 && typeof location === 'string') {
        await body.dump();
        const next = checkUrl(new URL(location, url).href, this.allowPrivate);
        if (url.protocol === 'https:' && next.protocol !== 'https:')
          throw new UserError(`${url.origin} leads to ${next.origin}, which is not encrypted: not followed.`);
        url = next;
        continue;
      }
      if (status === 200) return { stream: body, from: 0 };
      if (status === 206) return { stream: body, from: rangeStart(answer.headers['content-range']) };
      await body.dump();
      throw this.refusal(status, repository, answer.headers['retry-after']);
    }
    throw new UserError(`${this.endpoint} leads from address to address without end.`);
  }

  private refusal(status: number, repository: string, retryAfter: unknown): Error {
    if (status === 401 || status === 403)
      return new UserError(
        `${repository} is not there, or needs a token. Accept its terms on the Hub, and set HF_TOKEN where the server runs.`,
      );
    if (status === 404)
      return new UserError(`There is no ${repository} at that revision on ${this.endpoint}.`, 'NOT_FOUND');
    if (status === 416)
      return new UserError('A part of a file that was kept does not fit the file any more.');
    return new HubBusy(`${this.endpoint} answered ${status}.`, Math.min(60, Number(retryAfter) || 0) * 1_000);
  }
}

/** The Hub cannot answer now; a further try may fare better, after `waitMs`. */
export class HubBusy extends Error {
  readonly waitMs: number;

  constructor(message: string, waitMs: number) {
    super(message);
    this.name = 'HubBusy';
    this.waitMs = waitMs;
  }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const rangeStart = (header: unknown): number => Number(/^bytes (\d+)-/.exec(String(header))?.[1] ?? 0);
