// A process that dies: opens the store of argv[2], takes up what was left (or starts the run), and says `ended`.
import { openBench } from './engine.fixture.ts';

const [home = '', items = '0'] = process.argv.slice(2);
const bench = await openBench(home, { slow: 1, tuning: { batch: 20, save: 60 } });
const left = await bench.engine.interrupted();
await bench.engine.recover();
const run = left[0] ?? (await bench.verify(Array.from({ length: Number(items) }, (_, seq) => seq)));
process.stdout.write('working\n');
const ended = await bench.engine.wait(run.id as Parameters<typeof bench.engine.wait>[0]);
process.stdout.write(`ended ${ended.state}\n`);
await bench.close();
