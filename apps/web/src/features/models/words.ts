import type { Backend, ModelOrigin } from '@flywheel/domain/model';

export const BACKEND_WORDS: Readonly<Record<Backend, string>> = {
  node: 'the server',
  'web-wasm': 'WebAssembly',
  'web-webgpu': 'WebGPU',
};

export const megabytes = (bytes: number): string =>
  bytes < 1e5
    ? `${Math.max(1, Math.round(bytes / 1e3))} kB`
    : bytes >= 1e9
      ? `${(bytes / 1e9).toFixed(2)} GB`
      : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** `12.3 %`, and `< 0.1 %` where rounding would say nothing. */
export const probability = (logprob: number): string => {
  const percent = 100 * Math.exp(logprob);
  return percent < 0.1 ? '< 0.1 %' : `${percent.toFixed(1)} %`;
};

export const perSecond = (rate: number | null): string =>
  rate === null ? 'not measured' : `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;

/** A line break or blank as something that can be seen. */
export const visible = (text: string): string =>
  text.replaceAll('\n', '⏎').replaceAll('\t', '⇥').replaceAll(' ', '·') || '∅';

/** Where a model came from: `/models/x`, `hub owner/name @ main`. */
export const originWords = (origin: ModelOrigin): string => {
  switch (origin.kind) {
    case 'folder':
      return origin.path;
    case 'hub':
      return `hub ${origin.repository} @ ${origin.revision}`;
    case 'trained':
      return `trained here by run ${origin.run}`;
  }
};
