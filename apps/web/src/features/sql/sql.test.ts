import { describe, expect, it } from 'vitest';
import { toCsv } from './csv.ts';
import { readHistory, remember } from './history.ts';
import { errorPlace, shortMessage } from './sql-error.ts';

describe('errors in place', () => {
  it('finds the caret in a short line', () => {
    const sql = 'SELECT *\nFROM trase';
    const message =
      'Catalog Error: Table with name trase does not exist!\n\nLINE 2: FROM trase\n             ^';
    expect(errorPlace(sql, message)).toEqual({ line: 2, column: 6 });
    expect(shortMessage(message)).toBe('Catalog Error: Table with name trase does not exist!');
  });

  it('finds the caret in a line that DuckDB shortened', () => {
    const sql = `SELECT ${'a, '.repeat(60)}nope FROM trace`;
    // As DuckDB 1.5 prints it.
    const message = `Binder Error: Referenced column "nope" not found in FROM clause!\nCandidate bindings: "a"\n\nLINE 1: ...${', a'.repeat(20)}, nope FROM trace\n${' '.repeat(73)}^`;
    expect(errorPlace(sql, message)).toEqual({ line: 1, column: sql.indexOf('nope') + 1 });
    expect(shortMessage(message)).toContain('Candidate bindings');
  });

  it('names no place when there is none', () => {
    expect(errorPlace('SELECT 1', 'Only one statement at a time.')).toBeNull();
    expect(shortMessage('Only one statement at a time.')).toBe('Only one statement at a time.');
  });
});

describe('CSV', () => {
  it('quotes what needs it and keeps text as it is', () => {
    expect(
      toCsv(
        ['a', 'b "c"'],
        [
          [1, 'x,\n"y"'],
          [null, { k: [1] }],
        ],
      ),
    ).toBe('a,"b ""c"""\r\n1,"x,\n""y"""\r\n,"{""k"":[1]}"\r\n');
  });
});

describe('history', () => {
  it('keeps the newest first, once each, and survives a broken store', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    remember(storage, 'SELECT 1');
    remember(storage, 'SELECT 2');
    expect(remember(storage, 'SELECT 1')).toEqual(['SELECT 1', 'SELECT 2']);
    for (const key of kept.keys()) kept.set(key, '{');
    expect(readHistory(storage)).toEqual([]);
  });
});
