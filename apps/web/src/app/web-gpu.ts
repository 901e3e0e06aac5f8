/** What this browser's graphics offers to models, or why nothing. */
export type GpuOffer =
  | { offered: true; name: string /** Bytes that one buffer may bind. */; maxBinding: number }
  | { offered: false; why: string };

/** Asks for the adapter that a model would be loaded on; opens no device. */
export const askGpu = async (): Promise<GpuOffer> => {
  if (!('gpu' in navigator)) return { offered: false, why: 'This browser has no WebGPU.' };
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return { offered: false, why: 'This browser offers no WebGPU adapter.' };
  const { vendor, architecture, description } = adapter.info;
  return {
    offered: true,
    name: [vendor, architecture, description].filter(Boolean).join(' ') || 'an adapter without a name',
    maxBinding: adapter.limits.maxStorageBufferBindingSize,
  };
};
