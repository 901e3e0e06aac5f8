import { div, exp, log, mul, sub } from '../graph/elementwise.ts';
import { type Expression, withGradient } from '../graph/expression.ts';
import { oneHot } from '../graph/lookup.ts';
import { max, sum } from '../graph/reducing.ts';
import { reshape } from '../graph/shaping.ts';

/**
 * Nats a token, weighted: the sum over tokens of -weight · log softmax(logits)[target].
 *
 * @param logits [tokens, vocabulary]
 * @param targets [tokens], int32
 * @param weights [tokens]; those of tokens that count sum to 1
 * @returns of the shape []
 */
export const crossEntropy = (logits: Expression, targets: Expression, weights: Expression): Expression => {
  const [tokens = 0, vocabulary = 0] = logits.shape;
  const right = oneHot(targets, vocabulary);
  const weight = reshape(weights, [tokens, 1]);
  const shifted = sub(logits, max(logits, [1]));
  const exponentials = exp(shifted);
  const whole = sum(exponentials, [1]);
  const nats = sub(log(whole), sum(mul(shifted, right), [1]));
  return withGradient(reshape(sum(mul(nats, weight), [0]), []), [logits], (gradient) => [
    mul(sub(div(exponentials, whole), right), mul(weight, gradient)),
  ]);
};
