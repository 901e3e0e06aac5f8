// Trains with a checkpoint after every third update; told nothing, it goes on from the one that is there: node kill.child.ts FILE
import { testRuntime } from '../testing.fixture.ts';
import { keepCheckpoint, takeUpCheckpoint } from './checkpoint-file.node.ts';
import { FINGERPRINT, trainingToKill } from './kill.fixture.ts';
import { train } from './train.ts';

const [file = ''] = process.argv.slice(2);
const before = await takeUpCheckpoint(file, FINGERPRINT);
const training = trainingToKill();
const { shape } = training.settings;
const keep = (of: Pick<NonNullable<typeof before>, 'state' | 'place'>): Promise<void> =>
  keepCheckpoint(file, { ...of, shape, fingerprint: FINGERPRINT });
const { state, place } = await train(
  await testRuntime(),
  { ...training, start: before ?? training.start },
  {
    every: 1,
    pointsPerCheckpoint: 3,
    onPoint: ({ step }) => console.log(`step ${step}`),
    onCheckpoint: keep,
  },
);
await keep({ state, place });
console.log('done');
