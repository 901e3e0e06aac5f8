import type { JsonValue } from '@flywheel/domain/trace';

export type JsonRecord = { [key: string]: JsonValue };

export const isRecord = (v: unknown): v is JsonRecord =>
  typeof v === 'object' && v !== null && !Array.isArray(v);

const KEYS = new Map<string, readonly string[]>();

/** A path's keys; the few paths of a mapping are split once, not once a record. */
const keysOf = (path: string): readonly string[] => {
  let keys = KEYS.get(path);
  if (!keys) {
    if (KEYS.size > 1_000) KEYS.clear();
    keys = path.split('.');
    KEYS.set(path, keys);
  }
  return keys;
};

/** The value at a dotted path, through own properties only: `__proto__` in a file is a name like any other. */
export const at = (record: JsonValue, path: string): JsonValue | undefined => {
  let value: JsonValue | undefined = record;
  for (const key of keysOf(path)) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isRecord(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
};

/** A scalar as text: numbers and booleans as JSON prints them; null and absent as null; objects as JSON. */
export const asText = (v: JsonValue | undefined): string | null =>
  v === undefined || v === null ? null : typeof v === 'string' ? v : JSON.stringify(v);

/** The record without the top-level fields that a mapping used. None of its keys reaches a prototype. */
export const unmapped = (record: JsonRecord, used: ReadonlySet<string>): JsonRecord => {
  const rest: JsonRecord = {};
  for (const key of Object.keys(record)) {
    if (used.has(key)) continue;
    const value = record[key] as JsonValue;
    // The one name whose assignment would set a prototype.
    if (key === '__proto__')
      Object.defineProperty(rest, key, { value, enumerable: true, configurable: true, writable: true });
    else rest[key] = value;
  }
  return rest;
};

/** Whether a value has more than so many levels of arrays and objects. */
export const isDeeper = (value: JsonValue, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 ||
    (Array.isArray(value) ? value : Object.values(value)).some(
      (v) => typeof v === 'object' && isDeeper(v, levels - 1),
    ));
