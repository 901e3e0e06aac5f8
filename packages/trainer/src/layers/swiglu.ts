import { add, mul, sigmoid, sub } from '../graph/elementwise.ts';
import { type Expression, withGradient } from '../graph/expression.ts';

/** The gated activation of Llama (Shazeer 2020): silu(gate) · up, where silu(x) = x · sigmoid(x). Of one shape. */
export const swiglu = (gate: Expression, up: Expression): Expression => {
  const gateOpen = sigmoid(gate);
  const silu = mul(gate, gateOpen);
  return withGradient(mul(silu, up), [gate, up], (gradient) => [
    // silu' = s + silu · (1 - s)
    mul(mul(gradient, up), add(gateOpen, sub(silu, mul(silu, gateOpen)))),
    mul(gradient, silu),
  ]);
};
