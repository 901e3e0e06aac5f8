import type { Tensor } from 'onnxruntime-common';
import type { Engine } from '../engine.ts';
import type { Feeds } from '../runtime/runtime.ts';
import { type Cache, capacityFor } from './cache.ts';

/** A cache in memory that JavaScript sees. */
export class KvCache implements Cache {
  private readonly engine: Engine;
  private readonly slots: number;
  private readonly heads: number;
  private readonly size: number;
  private capacity = 0;
  private arrays: Float32Array[];

  constructor(engine: Engine, slots: number) {
    this.engine = engine;
    this.slots = slots;
    this.heads = engine.config.keyValueHeads;
    this.size = engine.config.headSize;
    this.arrays = engine.states.map(() => new Float32Array(0));
  }

  reserve(length: number, rows: number): void {
    if (length <= this.capacity) return;
    const capacity = capacityFor(length, this.engine.context);
    const before = this.capacity;
    this.arrays = this.arrays.map((old) => {
      const grown = new Float32Array(this.slots * this.heads * capacity * this.size);
      for (let block = 0; block < rows * this.heads; block++) {
        const from = block * before * this.size;
        grown.set(old.subarray(from, from + before * this.size), block * capacity * this.size);
      }
      return grown;
    });
    this.capacity = capacity;
  }

  insert(slot: number, present: Readonly<Record<string, Tensor>>, row: number, length: number): void {
    for (const [s, { present: name }] of this.engine.states.entries()) {
      const tensor = present[name];
      const [array, width] = [this.arrays[s], tensor?.dims[2] ?? 0];
      if (!tensor || !array) continue;
      const data = tensor.data as Float32Array;
      for (let h = 0; h < this.heads; h++) {
        const from = (row * this.heads + h) * width * this.size;
        const to = (slot * this.heads + h) * this.capacity * this.size;
        array.set(data.subarray(from, from + length * this.size), to);
      }
    }
  }

  move(from: number, to: number): void {
    const row = this.heads * this.capacity * this.size;
    for (const array of this.arrays) array.copyWithin(to * row, from * row, (from + 1) * row);
  }

  states(rows: number): { feeds: Feeds; fetches: Readonly<Record<string, Tensor | null>> } {
    const dims = [rows, this.heads, this.capacity, this.size];
    const feeds: Record<string, Tensor> = {};
    const fetches: Record<string, Tensor | null> = {};
    for (const [s, { past, present }] of this.engine.states.entries()) {
      const array = this.arrays[s] ?? new Float32Array(0);
      const tensor = new this.engine.runtime.Tensor(
        'float32',
        array.subarray(0, rows * this.heads * this.capacity * this.size),
        dims,
      );
      feeds[past] = tensor;
      // Given the memory of its own input, attention writes the new position in place.
      fetches[present] = this.engine.runtime.inPlace && !this.engine.appends ? tensor : null;
    }
    return { feeds, fetches };
  }

  update(outputs: Readonly<Record<string, Tensor>>, lengths: readonly number[]): void {
    const { engine, heads, size, capacity } = this;
    if (engine.appends) {
      for (const [s, { present }] of engine.states.entries()) {
        const data = outputs[present]?.data as Float32Array | undefined;
        const array = this.arrays[s];
        if (!data || !array) continue;
        for (const [r, length] of lengths.entries())
          for (let h = 0; h < heads; h++) {
            const block = r * heads + h;
            array.set(data.subarray(block * size, (block + 1) * size), (block * capacity + length) * size);
          }
      }
      return;
    }
    if (engine.runtime.inPlace) return;
    for (const [s, { present }] of engine.states.entries()) {
      const data = outputs[present]?.data;
      if (data) this.arrays[s]?.set(data as Float32Array);
    }
  }

  close(): void {
    this.arrays = [];
    this.capacity = 0;
  }
}
