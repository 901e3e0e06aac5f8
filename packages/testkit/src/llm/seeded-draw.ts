/**
 * A number in [0, 1) that follows from seed and text alone, so that a test can work it out beforehand.
 * FNV-1a over UTF-16 code units, mixed by murmur3's finaliser (Austin Appleby, public domain).
 */
export const draw = (seed: number, text: string): number => {
  let hash = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
};
