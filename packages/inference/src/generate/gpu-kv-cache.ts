import type { Tensor } from 'onnxruntime-common';
import type { Engine } from '../engine.ts';
import { OutOfMemory } from '../runtime/failure.ts';
import type { Feeds } from '../runtime/runtime.ts';
import { type Cache, capacityFor, elementBytes } from './cache.ts';

/** `GPUBufferUsage`: storage, copied from and copied to. */
const USAGE = 0x80 | 0x04 | 0x08;

/** A cache in buffers of a graphics device: attention writes into it in place, and nothing of it comes back. */
export class GpuKvCache implements Cache {
  private readonly engine: Engine;
  private readonly device: GPUDevice;
  private readonly slots: number;
  private readonly heads: number;
  /** Bytes of a position. */
  private readonly position: number;
  private capacity = 0;
  private buffers: GPUBuffer[] = [];

  constructor(engine: Engine, device: GPUDevice, slots: number) {
    this.engine = engine;
    this.device = device;
    this.slots = slots;
    this.heads = engine.config.keyValueHeads;
    this.position = engine.config.headSize * elementBytes(engine);
  }

  reserve(length: number, rows: number): void {
    if (length <= this.capacity) return;
    const capacity = capacityFor(length, this.engine.context);
    const { capacity: before, buffers: old, position } = this;
    const size = this.slots * this.heads * capacity * position;
    // The device would say so too, but could not be used any more.
    if (size > this.device.limits.maxStorageBufferBindingSize)
      throw new OutOfMemory(
        `A layer's cache for ${this.slots} rows of ${capacity} tokens takes ${size} bytes, but this graphics device binds ${this.device.limits.maxStorageBufferBindingSize} at most: write fewer rows at once, or shorter ones.`,
      );
    this.buffers = this.engine.states.map(() => this.buffer(size));
    this.capacity = capacity;
    if (rows > 0)
      this.copy((encoder) => {
        for (const [s, to] of this.buffers.entries())
          for (let block = 0; block < rows * this.heads; block++)
            encoder.copyBufferToBuffer(
              old[s] as GPUBuffer,
              block * before * position,
              to,
              block * capacity * position,
              before * position,
            );
      });
    for (const buffer of old) buffer.destroy();
  }

  insert(slot: number, present: Readonly<Record<string, Tensor>>, row: number, length: number): void {
    this.copy((encoder) => {
      for (const [s, { present: name }] of this.engine.states.entries()) {
        const [tensor, to] = [present[name], this.buffers[s]];
        if (!tensor || !to) continue;
        for (let h = 0; h < this.heads; h++)
          encoder.copyBufferToBuffer(
            tensor.gpuBuffer as GPUBuffer,
            (row * this.heads + h) * (tensor.dims[2] ?? 0) * this.position,
            to,
            (slot * this.heads + h) * this.capacity * this.position,
            length * this.position,
          );
      }
    });
  }

  move(from: number, to: number): void {
    const row = this.heads * this.capacity * this.position;
    // A buffer is not copied within itself.
    const between = this.buffer(row);
    this.copy((encoder) => {
      for (const buffer of this.buffers) {
        encoder.copyBufferToBuffer(buffer, from * row, between, 0, row);
        encoder.copyBufferToBuffer(between, 0, buffer, to * row, row);
      }
    });
    between.destroy();
  }

  states(rows: number): { feeds: Feeds; fetches: Readonly<Record<string, Tensor | null>> } {
    const dims = [rows, this.heads, this.capacity, this.engine.config.headSize];
    const dataType = this.engine.half ? 'float16' : 'float32';
    const feeds: Record<string, Tensor> = {};
    const fetches: Record<string, Tensor | null> = {};
    for (const [s, { past, present }] of this.engine.states.entries()) {
      const buffer = this.buffers[s] as GPUBuffer;
      const tensor = this.engine.runtime.Tensor.fromGpuBuffer(buffer, { dataType, dims });
      feeds[past] = tensor;
      fetches[present] = tensor;
    }
    return { feeds, fetches };
  }

  update(): void {
    // Written in place.
  }

  close(): void {
    for (const buffer of this.buffers) buffer.destroy();
    this.buffers = [];
    this.capacity = 0;
  }

  private buffer(size: number): GPUBuffer {
    return this.device.createBuffer({ size, usage: USAGE });
  }

  private copy(write: (encoder: GPUCommandEncoder) => void): void {
    const encoder = this.device.createCommandEncoder();
    write(encoder);
    this.device.queue.submit([encoder.finish()]);
  }
}
