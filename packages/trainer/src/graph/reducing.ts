import { type Expression, express } from './expression.ts';

const reduction =
  (operator: string) =>
  (x: Expression, axes: readonly number[]): Expression =>
    express({
      operator,
      inputs: [x],
      shape: x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d)),
      attributes: { axes },
    });

/** Over axes, which stay with the length 1. */
export const sum = reduction('ReduceSum');
export const mean = reduction('ReduceMean');
/** It has no gradient: it keeps exponentials in range. */
export const max = reduction('ReduceMax');

export const lastAxis = (x: Expression): number => x.shape.length - 1;
export const everyAxis = (x: Expression): number[] => x.shape.map((_, axis) => axis);

/** Along the last axis. */
export const softmax = (x: Expression): Expression =>
  express({ operator: 'Softmax', inputs: [x], shape: x.shape, attributes: { axis: lastAxis(x) } });
