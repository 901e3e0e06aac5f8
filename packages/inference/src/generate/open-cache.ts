import type { Engine } from '../engine.ts';
import type { Cache } from './cache.ts';
import { GpuKvCache } from './gpu-kv-cache.ts';
import { KvCache } from './kv-cache.ts';

/** A cache where the engine's states are: on its device, where it has one. */
export const cacheFor = (engine: Engine, slots: number): Cache =>
  engine.runtime.gpu ? new GpuKvCache(engine, engine.runtime.gpu, slots) : new KvCache(engine, slots);
