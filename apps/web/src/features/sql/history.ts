import { z } from 'zod';

const KEY = 'flywheel.sql.history';
const KEPT = 100;
const History = z.array(z.string());

/** Statements that ran, newest first; kept in this browser. */
export const readHistory = (storage: Pick<Storage, 'getItem'>): string[] => {
  try {
    return History.parse(JSON.parse(storage.getItem(KEY) ?? '[]'));
  } catch {
    return [];
  }
};

/** Adds a statement in front; a repeated one moves there. */
export const remember = (storage: Pick<Storage, 'getItem' | 'setItem'>, text: string): string[] => {
  const history = [text, ...readHistory(storage).filter((other) => other !== text)].slice(0, KEPT);
  storage.setItem(KEY, JSON.stringify(history));
  return history;
};
