import { expect, it } from 'vitest';
import { tabTitle } from './tab-title.ts';
import { workspaceName } from './workspace.ts';

it('a tab is called after its room and what it is about', () => {
  expect(tabTitle('samples', 'samples', '/samples?q=outcome%3Awrong&trace=1')).toBe('Samples: outcome:wrong');
  expect(tabTitle('samples:2', 'samples', '/samples')).toBe('Samples 2');
  expect(tabTitle('runs', 'runs', '/runs?run=41')).toBe('Run 41');
  expect(tabTitle('calibration', 'calibration', '/calibration?judge=verifier%3Afinal-answer')).toBe(
    'Calibration: verifier:final-answer',
  );
});

it('a workspace is called after its folder, a hidden one after where it lies', () => {
  expect(workspaceName('/home/ada/arith-steps/.flywheel')).toBe('arith-steps');
  expect(workspaceName('/data/gsm8k')).toBe('gsm8k');
  expect(workspaceName('C:\\work\\dyck\\.flywheel')).toBe('dyck');
});
