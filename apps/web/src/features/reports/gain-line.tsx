import type { Gain } from '@flywheel/domain/improve';

/** `0.412`; a dash where there is none. */
export const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** What a search gained on dev, with its interval and test. */
export const GainLine = ({ label, gain, calls }: { label: string; gain: Gain; calls: number }) => {
  const { difference, interval, mcnemar, nowRight, nowWrong } = gain;
  const sure = interval !== null && (interval[0] > 0 || interval[1] < 0);
  return (
    <p className="report-gain">
      <span className="t2">{label}</span>
      <b className={sure ? 'acc' : ''}>{difference === null ? '–' : signed(difference)}</b>
      <span className="t2 fs12">
        {interval ? `95 % from ${signed(interval[0])} to ${signed(interval[1])}` : 'no interval'}; {nowRight}{' '}
        now right, {nowWrong} now wrong, McNemar p {mcnemar.p < 0.001 ? '< 0.001' : mcnemar.p.toFixed(3)};{' '}
        {calls} questions
      </span>
    </p>
  );
};
