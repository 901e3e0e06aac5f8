import { USMALLINT, VARCHAR } from '@duckdb/node-api';
import { type Database, StoreError, type Writer } from './database.ts';

export type NameKind = 'task' | 'model' | 'source' | 'tag' | 'judge';
const LIMIT = 65_535;

/** The dictionary between names and the small integers that facets count. Held in memory; new names are written at once. */
export class Names {
  private readonly codes = new Map<NameKind, Map<string, number>>();
  private readonly values = new Map<NameKind, string[]>();

  static async load(db: Database): Promise<Names> {
    const names = new Names();
    for (const row of await db.all('SELECT kind, code, value FROM name ORDER BY kind, code'))
      names.put(row.kind as NameKind, row.value as string);
    return names;
  }

  /** The code of a name, or undefined when the workspace has no such name. */
  find(kind: NameKind, value: string): number | undefined {
    return this.codes.get(kind)?.get(value);
  }

  name(kind: NameKind, code: number): string {
    const value = this.values.get(kind)?.[code];
    if (value === undefined)
      throw new StoreError(`The dictionary has no ${kind} ${code}. Run \`flywheel doctor\`.`);
    return value;
  }

  all(kind: NameKind): readonly string[] {
    return this.values.get(kind) ?? [];
  }

  /** Codes for names; new ones are added in the same transaction, and forgotten again when it fails. */
  async codesFor(tx: Writer, kind: NameKind, wanted: Iterable<string>): Promise<(value: string) => number> {
    const fresh = [...new Set(wanted)].filter((v) => this.find(kind, v) === undefined);
    const first = this.all(kind).length;
    if (first + fresh.length > LIMIT)
      throw new StoreError(`More than ${LIMIT} different ${kind} names. Map another field to ${kind}.`);
    await tx.append('name', [
      ['kind', VARCHAR, fresh.map(() => kind)],
      ['code', USMALLINT, fresh.map((_, i) => first + i)],
      ['value', VARCHAR, fresh],
    ]);
    for (const value of fresh) this.put(kind, value);
    tx.onRollback(() => {
      for (const value of fresh) this.codes.get(kind)?.delete(value);
      this.values.get(kind)?.splice(first);
    });
    return (value) => this.find(kind, value) as number;
  }

  private put(kind: NameKind, value: string): void {
    const values = this.values.get(kind) ?? [];
    const codes = this.codes.get(kind) ?? new Map<string, number>();
    codes.set(value, values.length);
    values.push(value);
    this.values.set(kind, values);
    this.codes.set(kind, codes);
  }
}
