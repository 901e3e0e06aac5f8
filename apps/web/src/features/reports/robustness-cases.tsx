import type { RobustnessCase } from '@flywheel/domain/robustness';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { PERTURBATION_WORDS, placeText } from './perturbation-words.ts';

const PAGE = 50;

/** Changed traces with what was said of them; each opens into its steps. */
export const CaseList = ({ cases }: { cases: readonly RobustnessCase[] }) => {
  const [limit, setLimit] = useState(PAGE);
  if (cases.length === 0) return <p className="t3">There is none.</p>;
  return (
    <>
      <ul className="report-cases">
        {cases.slice(0, limit).map((c) => (
          <Case key={`${c.perturbation} ${c.trace}`} case={c} />
        ))}
      </ul>
      {cases.length > limit && (
        <button type="button" className="btn" onClick={() => setLimit(limit + PAGE)}>
          Show {Math.min(PAGE, cases.length - limit)} more of {cases.length - limit}
        </button>
      )}
    </>
  );
};

const Case = ({ case: c }: { case: RobustnessCase }) => {
  const [open, setOpen] = useState(false);
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <li>
      <button type="button" className="report-case" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Arrow className="i i14" aria-hidden="true" />
        <span className="trunc" title={c.change}>
          {PERTURBATION_WORDS[c.perturbation].name}: {c.change}
        </span>
        <span className="mono fs12 t2">
          {placeText(c.base)} → <b className={c.held === false ? 'bad' : ''}>{placeText(c.verdict)}</b>, right{' '}
          {placeText(c.expected)}
        </span>
      </button>
      {open && (
        <div className="report-steps mono">
          <p className="t2">{c.prompt}</p>
          <ol start={0}>
            {c.steps.map((text, i) => (
              <li key={i} className={stepClass(c, i)}>
                <span className="t3">S{i}</span>
                <span>{text}</span>
                <span className="t2 fs12">{stepNotes(c, i).join(', ')}</span>
              </li>
            ))}
          </ol>
          {(c.rationale || c.unread) && (
            <p className={c.unread ? 'bad' : 't2'}>{c.unread ?? `It said: ${c.rationale}`}</p>
          )}
          <a href={`/samples?${new URLSearchParams({ q: `id:${c.trace}`, trace: c.trace })}`}>
            Open the unchanged trace
          </a>
        </div>
      )}
    </li>
  );
};

const stepClass = (c: RobustnessCase, i: number): string =>
  [i === c.step && 'changed', i === c.expected && 'wrong'].filter(Boolean).join(' ');

const stepNotes = (c: RobustnessCase, i: number): string[] => [
  ...(i === c.step ? ['changed here'] : []),
  ...(i === c.expected ? ['first error'] : []),
  ...(i === c.verdict ? ['the critic says here'] : []),
];
