/** What is known of a graphics adapter; recorded with every result that it gave. */
export interface AdapterReport {
  vendor: string;
  architecture: string;
  description: string;
  /** Lanes that a subgroup has at most; 0 where it is not told. */
  subgroupMaxSize: number;
  /** Features that the device was asked for. */
  features: string[];
  /** Bytes that one buffer may bind. */
  maxStorageBufferBindingSize: number;
}

/** A device of WebGPU that is ours, so that its features and limits are chosen and its faults are seen. */
export interface WebDevice {
  device: GPUDevice;
  adapter: AdapterReport;
  /** What went wrong since it was opened: WebGPU throws nothing, it tells. */
  fault(): Error | null;
  close(): void;
}

/** Attention's kernels count on subgroups of at least so many lanes; with fewer they are silently wrong beyond 32 tokens. */
const LANES = 32;

/**
 * Opens the device of the strongest adapter, its limits raised to what the adapter has.
 *
 * @param subgroups `safe`: only where they are wide enough. `always`: also where results are known to be wrong, to test the probe
 * @param onFault told of the first fault, unless the device was closed before it
 * @throws Error where there is no WebGPU
 */
export const openDevice = async (
  subgroups: 'safe' | 'always' = 'safe',
  onFault: (fault: Error) => void = () => undefined,
): Promise<WebDevice> => {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new Error('This browser offers no WebGPU adapter. The model can run on WebAssembly instead.');
  const { info } = adapter;
  const lanes = info.subgroupMaxSize ?? 0;
  const features = (['shader-f16', 'subgroups'] as const).filter(
    (feature) =>
      adapter.features.has(feature) && (feature !== 'subgroups' || subgroups === 'always' || lanes >= LANES),
  );
  const device = await adapter.requestDevice({
    requiredFeatures: features,
    requiredLimits: limitsOf(adapter.limits),
  });
  let fault: Error | null = null;
  let closed = false;
  const tell = (message: string): void => {
    if (fault) return;
    fault = new Error(message);
    if (!closed) onFault(fault);
  };
  device.addEventListener('uncapturederror', ({ error }) =>
    tell(`The graphics device reported an error: ${error.message}`),
  );
  void device.lost.then(({ reason, message }) =>
    tell(`The graphics device was lost (${reason}): ${message || 'no reason was given'}.`),
  );
  return {
    device,
    adapter: {
      vendor: info.vendor,
      architecture: info.architecture,
      description: info.description,
      subgroupMaxSize: lanes,
      features,
      maxStorageBufferBindingSize: device.limits.maxStorageBufferBindingSize,
    },
    fault: () => fault,
    close: () => {
      closed = true;
      device.destroy();
    },
  };
};

/** Those that onnxruntime looks at. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
] as const;

const limitsOf = (limits: GPUSupportedLimits): Record<string, number> =>
  Object.fromEntries(LIMITS.map((name) => [name, limits[name]]));
