const MINUTE = 60_000;

/** Traces a minute in `buckets` equal parts of the last hour, oldest first. `times` in milliseconds since 1970. */
export const hourly = (times: readonly number[], now: number, buckets: number): number[] => {
  const width = (60 * MINUTE) / buckets;
  const counts = Array.from({ length: buckets }, () => 0);
  for (const t of times) {
    const i = buckets - 1 - Math.floor((now - t) / width);
    if (i >= 0 && i < buckets) counts[i] = (counts[i] ?? 0) + 1;
  }
  return counts.map((n) => n / (width / MINUTE));
};

/**
 * Traces a minute over the last ten minutes of work; null before the second review. The span begins at the
 * first review counted, so that the first minutes of a sitting do not read as slow.
 */
export const recentRate = (times: readonly number[], now: number): number | null => {
  const recent = times.filter((t) => now - t <= 10 * MINUTE);
  const first = recent[0];
  if (first === undefined || recent.length < 2) return null;
  return (recent.length - 1) / Math.max((now - first) / MINUTE, 1 / 60);
};

/** `2 h 37 min left`, `4 min left`, `under a minute left`. */
export const timeLeft = (items: number, perMinute: number): string => {
  const minutes = Math.round(items / perMinute);
  if (minutes < 1) return 'under a minute left';
  return minutes < 60 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
};
