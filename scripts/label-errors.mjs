#!/usr/bin/env node
// Lists the human labels of files that checked claims contradict: node scripts/label-errors.mjs [--preset NAME] FILE...
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { decodePosition } from '@flywheel/domain/judgement';
import { readLines } from '@flywheel/interchange/lines';
import { mapRecord } from '@flywheel/interchange/map-record';
import { PRESETS } from '@flywheel/interchange/presets';
import { labelErrorCandidates } from '@flywheel/judges/label-errors';
import { VERIFIERS } from '@flywheel/judges/verifiers';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { preset: { type: 'string', default: 'big-bench-mistake' } },
});
const mapping = PRESETS[values.preset];
if (!mapping || positionals.length === 0) {
  console.error(`Usage: label-errors.mjs [--preset ${Object.keys(PRESETS).join(' | ')}] FILE...`);
  process.exit(2);
}

for (const path of positionals)
  for await (const { lines } of readLines(path))
    for (const { line, bytes } of lines)
      for (const draft of mapRecord(mapping, JSON.parse(bytes.toString('utf8')), path)) {
        if (!draft.gold) continue;
        const verdicts = VERIFIERS.flatMap((verifier) => {
          const verdict = verifier.judge({ seq: line, id: '', ...draft });
          return verdict ? [{ judge: verifier.id, verdict }] : [];
        });
        const gold = decodePosition(draft.gold.position);
        for (const c of labelErrorCandidates([{ trace: '', gold, verdicts }])) {
          const claim = c.evidence ? `[S${c.evidence.step}] ${c.evidence.claim}` : '';
          const why = c.kind === 'unfounded' ? `${claim}: checked, and true.` : c.rationale;
          console.log(
            [`${basename(path)}:${line}`, c.kind, `gold ${gold}`, `found ${c.found}`, c.judge, why].join(
              '\t',
            ),
          );
        }
      }
