import { createHash } from 'node:crypto';
import type { JsonValue } from '@flywheel/domain/trace';

const canonical = (v: JsonValue): string =>
  v === null || typeof v !== 'object'
    ? JSON.stringify(v)
    : Array.isArray(v)
      ? `[${v.map(canonical).join(',')}]`
      : `{${Object.keys(v)
          .sort()
          .map((k) => `${JSON.stringify(k)}:${canonical(v[k] as JsonValue)}`)
          .join(',')}}`;

/** What a run is, as 16 hex digits: equal for equal parts in any order of keys. The items count through their own hash. */
export const fingerprint = (parts: { [key: string]: JsonValue }, items?: Uint32Array): string => {
  const hash = createHash('sha256').update(canonical(parts));
  if (items) hash.update(new Uint8Array(items.buffer, items.byteOffset, items.byteLength));
  return hash.digest('hex').slice(0, 16);
};
