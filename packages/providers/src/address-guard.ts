import type { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ChatFailure } from './chat-failure.ts';

export type Reach = 'loopback' | 'public' | 'private' | 'never';

/** Cloud machines answer here with their own credentials. */
const METADATA: ReadonlySet<string> = new Set([
  '169.254.169.254',
  'fd00:ec2::254',
  '169.254.170.2',
  '100.100.100.200',
]);

/** What may be said about an IP address: `never` is refused whatever was allowed. */
export const reachOf = (address: string): Reach => {
  if (!ipaddr.isValid(address)) return 'never';
  const ip = ipaddr.process(address);
  if (METADATA.has(ip.toString())) return 'never';
  switch (ip.range()) {
    case 'loopback':
      return 'loopback';
    case 'unicast':
      return 'public';
    case 'private':
    case 'uniqueLocal':
    case 'carrierGradeNat':
    case 'linkLocal':
      return 'private';
    default:
      return 'never';
  }
};

const refusal = (host: string, address: string, reach: Reach): ChatFailure =>
  new ChatFailure(
    'blocked-address',
    host === address
      ? `${address} is ${reach === 'private' ? 'a private address' : 'not an address of a provider'}.`
      : `${host} resolves to ${address}, ${reach === 'private' ? 'a private address' : 'which is not an address of a provider'}.`,
    reach === 'private'
      ? 'Allow private addresses for this provider if you mean a machine of your own network.'
      : 'Check the base URL.',
  );

/** Host name or literal address of a URL, without the brackets of IPv6. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** Checks what can be known of an address before it is reached: its scheme, and a literal IP. @throws ChatFailure */
export const checkUrl = (text: string, allowPrivate: boolean): URL => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ChatFailure(
      'blocked-address',
      `"${text}" is not a URL.`,
      'Enter one such as http://127.0.0.1:8000/v1.',
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ChatFailure('blocked-address', `${url.protocol} is not spoken here.`, 'Use http or https.');
  if (url.username || url.password)
    throw new ChatFailure(
      'blocked-address',
      'The base URL holds a user name or password.',
      'Leave it out, and save a key instead.',
    );
  const host = hostOf(url);
  if (ipaddr.isValid(host)) checkAddress(host, host, allowPrivate);
  return url;
};

const checkAddress = (host: string, address: string, allowPrivate: boolean): void => {
  const reach = reachOf(address);
  if (reach === 'never' || (reach === 'private' && !allowPrivate)) throw refusal(host, address, reach);
};

/**
 * A resolver for sockets: every address that a name resolves to is checked, and the socket connects to the checked ones,
 * so that no second answer of a name server can lead elsewhere.
 */
export const guardedLookup =
  (allowPrivate: boolean, resolve: typeof lookup): LookupFunction =>
  (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      try {
        for (const { address } of addresses) checkAddress(host, address, allowPrivate);
      } catch (refused) {
        return callback(refused as Error, []);
      }
      if (options.all) return callback(null, addresses);
      const [first] = addresses;
      return first ? callback(null, first.address, first.family) : callback(new Error('no address'), []);
    });
  };
