import { initialWeights } from '../llama/parameters.ts';
import { freshState } from '../session/training-session.ts';
import { OPTIMISER, randomExamples, SMALL } from '../testing.fixture.ts';
import { START, type Training } from './train.ts';

export const FINGERPRINT = 'to be killed';

/** Some forty updates. */
export const trainingToKill = (): Training => ({
  settings: {
    shape: SMALL,
    rows: 4,
    length: 16,
    tokensPerUpdate: 30,
    tokenBudget: 1_200,
    schedule: { peak: 1e-2, warmUp: 100, floor: 0.1 },
    optimiser: OPTIMISER,
    seed: 5,
  },
  examples: randomExamples(30, SMALL.vocabulary, 1),
  start: { state: freshState(initialWeights(SMALL, 1)), place: START },
});
