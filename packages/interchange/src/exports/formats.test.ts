import { ProblemId, TraceId } from '@flywheel/domain/ids';
import type { TraceRow } from '@flywheel/domain/trace';
import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS, type ExportTrace } from './formats.ts';

const trace = (row: Partial<TraceRow>): ExportTrace => ({
  row: {
    seq: 0,
    id: TraceId.parse('0'.repeat(16)),
    problem: ProblemId.parse('0'.repeat(16)),
    label: 't/0',
    promptHead: 'p',
    task: 't',
    model: 'm',
    source: 's',
    importId: 1,
    outcome: 'right',
    given: null,
    answer: '1',
    reference: '1',
    steps: 2,
    firstError: -1,
    flawKind: 'verifier',
    category: null,
    strip: '..',
    agreement: { verifier: -1, critic: null, local: null, human: null },
    surprise: null,
    selfAgreement: null,
    conflict: false,
    reviewed: false,
    flagged: false,
    tags: [],
    ...row,
  },
  problem: { id: ProblemId.parse('0'.repeat(16)), task: 't', ordinal: 0, prompt: 'p', reference: '1' },
  steps: ['a', 'b'],
  extra: {},
  judgements: [],
  review: null,
});
const convert = (format: string, row: Partial<TraceRow>) =>
  EXPORT_FORMATS.find((f) => f.id === format)?.convert(trace(row));

describe('export formats', () => {
  it('[I12] a wrong answer is never taught as good, though a verifier found nothing in its steps', () => {
    for (const format of ['trl-stepwise', 'trl-sft-messages', 'trl-sft-prompt-completion'])
      expect(convert(format, { outcome: 'wrong' })).toHaveProperty('skip');
    expect(convert('trl-sft-prompt-completion', {})).toEqual({ prompt: 'p', completion: 'a\nb' });
  });

  it('[I13] stepwise labels end with the first error', () => {
    expect(convert('trl-stepwise', { outcome: 'wrong', firstError: 0 })).toEqual({
      prompt: 'p',
      completions: ['a'],
      labels: [false],
    });
    expect(convert('trl-stepwise', { firstError: null })).toEqual({ skip: 'not labelled' });
  });
});
