// A process that dies: imports batches into the store of argv[2] from record argv[3] on, and says `ack FROM TO` of each that is kept.
import { JudgeId, type TraceId } from '@flywheel/domain/ids';
import { BATCH, numbered, said } from './import-kill.fixture.ts';
import { openStore } from './store.ts';

const [home = '', start = '0'] = process.argv.slice(2);
const store = await openStore(home);
const id = await store.imports.begin({ title: `from ${start}`, mapping: {} });
process.stdout.write('working\n');
for (let from = Number(start); ; from += BATCH) {
  // The last records of the batch before come again, as those of a file that is imported anew do.
  const records = Array.from({ length: BATCH + 10 }, (_, i) => numbered(Math.max(0, from - 10 + i)));
  await store.imports.write(id, records);
  process.stdout.write(`ack ${from} ${from + BATCH}\n`);
  const record = numbered(from);
  await store.judgements.append([
    {
      trace: record.id as TraceId,
      judge: JudgeId.parse('critic:kill'),
      scope: 'steps',
      verdict: 'flawed',
      firstError: 0,
      labels: [-1],
      category: null,
      confidence: null,
      rationale: said(from),
      evidence: [],
      version: '1',
      imported: false,
      at: from,
    },
  ]);
  process.stdout.write(`judged ${from}\n`);
}
