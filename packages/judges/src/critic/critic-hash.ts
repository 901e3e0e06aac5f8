import { CriticBody, CriticHash } from '@flywheel/domain/critic';
import type { JsonValue } from '@flywheel/domain/trace';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Keys in order, whatever order they were written in. */
const canonical = (value: JsonValue): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
};

/** The content address of a critic's version: equal bodies have equal hashes, in the browser as on the server. */
export const criticHash = (body: CriticBody): CriticHash => {
  const text = canonical(CriticBody.parse(body) as unknown as JsonValue);
  return CriticHash.parse(bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16));
};
