/** `812 B`, `4.2 kB`, `12.9 MB`, `1.3 GB`. */
export const bytes = (n: number): string => {
  if (n < 1_000) return `${n} B`;
  const [unit, size] = n < 1e6 ? ['kB', 1e3] : n < 1e9 ? ['MB', 1e6] : ['GB', 1e9];
  return `${(n / (size as number)).toFixed(1)} ${unit}`;
};
