/** `25,996` */
export const count = (n: number): string => n.toLocaleString('en');

/** Seconds as two units at most: `0.4 s`, `38 s`, `4 min 51 s`, `2 h 37 min`, `3 d 4 h`. */
export const duration = (seconds: number): string => {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  const min = Math.floor(s / 60);
  if (min < 60) return pair(min, 'min', s % 60, 's');
  const h = Math.floor(min / 60);
  return h < 24 ? pair(h, 'h', min % 60, 'min') : pair(Math.floor(h / 24), 'd', h % 24, 'h');
};

const pair = (a: number, unit: string, b: number, smaller: string): string =>
  b === 0 ? `${a} ${unit}` : `${a} ${unit} ${b} ${smaller}`;

/** Per second, with three digits that matter: `6.4 /s`, `1,240 /s`, `3.2 M/s`. */
export const rate = (perSecond: number): string => {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(1)} M/s`;
  return `${perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond))} /s`;
};

/** A share as a percentage with one digit, never 100 % before all is done: `64.7 %`. */
export const percent = (part: number, whole: number): string => {
  if (whole <= 0) return '0 %';
  const share = Math.floor((1_000 * part) / whole) / 10;
  return `${share === 100 || share === 0 ? share : share.toFixed(1)} %`;
};

/** Time of day, with the date when it is not today's: `14:12:50`, `23 Nov 14:12`. */
export const clock = (ms: number, now: number = Date.now()): string => {
  const then = new Date(ms);
  if (then.toDateString() === new Date(now).toDateString()) return then.toLocaleTimeString('en-GB');
  const day = then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${day} ${then.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
};
