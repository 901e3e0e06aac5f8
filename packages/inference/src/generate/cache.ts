import type { Tensor } from 'onnxruntime-common';
import type { Engine } from '../engine.ts';
import type { Feeds } from '../runtime/runtime.ts';

/**
 * Keys and values of the rows that are being continued, one array a state of [rows, heads, capacity, head size]; a row's first
 * `length` positions count. Rows that continue lie together at the front: row `i` is the `i`th of the batch.
 */
export interface Cache {
  /** Makes room for `length` positions in the first `rows` rows. */
  reserve(length: number, rows: number): void;
  /** Takes a row of what a first pass gave, [rows, heads, width, head size], over into a slot. */
  insert(slot: number, present: Readonly<Record<string, Tensor>>, row: number, length: number): void;
  /** Moves a row into another's place. */
  move(from: number, to: number): void;
  /** The cache of the first `rows` rows as inputs, and where what continues it is to be written. */
  states(rows: number): { feeds: Feeds; fetches: Readonly<Record<string, Tensor | null>> };
  /** Takes over what came back of one new token a row, where the runtime could not write in place. @param lengths before it */
  update(outputs: Readonly<Record<string, Tensor>>, lengths: readonly number[]): void;
  /** Gives its memory back. */
  close(): void;
}

/** Positions are made room for in steps of so many. */
const STEP = 64;

/** Positions to make room for, so that `length` fit. */
export const capacityFor = (length: number, context: number): number =>
  Math.min(Math.ceil(length / STEP) * STEP, Math.max(context, length));

/** Bytes of a number of the cache. */
export const elementBytes = ({ half }: Engine): number => (half ? 2 : 4);
