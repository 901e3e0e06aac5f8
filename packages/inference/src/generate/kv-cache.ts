import type { Tensor } from 'onnxruntime-common';
import type { Engine } from '../engine.ts';
import type { Feeds } from '../runtime/runtime.ts';
import { type Cache, capacityFor, elementBytes } from './cache.ts';

/** A cache in memory that JavaScript sees, as bytes: it does not look into numbers. */
export class KvCache implements Cache {
  private readonly engine: Engine;
  private readonly slots: number;
  private readonly heads: number;
  /** Bytes of a position of a head. */
  private readonly size: number;
  private capacity = 0;
  private arrays: Uint8Array<ArrayBuffer>[];

  constructor(engine: Engine, slots: number) {
    this.engine = engine;
    this.slots = slots;
    this.heads = engine.config.keyValueHeads;
    this.size = engine.config.headSize * elementBytes(engine);
    this.arrays = engine.states.map(() => new Uint8Array());
  }

  reserve(length: number, rows: number): void {
    if (length <= this.capacity) return;
    const capacity = capacityFor(length, this.engine.context);
    const before = this.capacity;
    this.arrays = this.arrays.map((old) => {
      const grown = new Uint8Array(this.slots * this.heads * capacity * this.size);
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
      const data = bytesOf(tensor);
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
    const dims = [rows, this.heads, this.capacity, this.engine.config.headSize];
    const elements = dims.reduce((n, d) => n * d, 1);
    const { Tensor } = this.engine.runtime;
    const feeds: Record<string, Tensor> = {};
    const fetches: Record<string, Tensor | null> = {};
    for (const [s, { past, present }] of this.engine.states.entries()) {
      const { buffer } = this.arrays[s] as Uint8Array<ArrayBuffer>;
      const tensor = this.engine.half
        ? new Tensor('float16', new Uint16Array(buffer, 0, elements), dims)
        : new Tensor('float32', new Float32Array(buffer, 0, elements), dims);
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
        const [tensor, array] = [outputs[present], this.arrays[s]];
        if (!tensor || !array) continue;
        const data = bytesOf(tensor);
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
      const tensor = outputs[present];
      if (tensor) this.arrays[s]?.set(bytesOf(tensor));
    }
  }

  close(): void {
    this.arrays = [];
    this.capacity = 0;
  }
}

const bytesOf = ({ data }: Tensor): Uint8Array => {
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
};
