import { Check, CircleX, TriangleAlert } from 'lucide-react';
import type { TestResult } from './server.ts';

/** What a test tried, in order, and where it failed what to do. */
export const TestSteps = ({ result }: { result: TestResult }) => (
  <ol className="test-steps" aria-label="Test" aria-live="polite">
    {result.steps.map((step) => (
      <li key={step.name}>
        {!step.ok ? (
          <CircleX className="i i14 bad" aria-label="failed" />
        ) : step.remedy !== '' ? (
          <TriangleAlert className="i i14 warn" aria-label="works, but could work better" />
        ) : (
          <Check className="i i14 good" aria-label="ok" />
        )}
        <b>{step.name}</b>
        <span>
          {step.detail}
          {step.remedy && <span className="t2 remedy">{step.remedy}</span>}
        </span>
      </li>
    ))}
    <li className="t3">
      <span />
      {(result.milliseconds / 1_000).toFixed(1)} s
    </li>
  </ol>
);
