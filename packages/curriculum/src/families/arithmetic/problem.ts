import { drawInt, drawOne } from '../draw.ts';
import { type Expression, type Operated, printExpression } from './expression.ts';

const LARGEST = 20;
const NEGATIVE_SHARE = 0.1;

/** A tree of any shape; `nodes` takes its operations. */
const drawTree = (operations: number, random: () => number, nodes: Operated[]): Expression => {
  if (operations === 0) {
    const size = BigInt(drawInt(random, 0, LARGEST));
    return random() < NEGATIVE_SHARE ? -size : size;
  }
  const before = drawInt(random, 0, operations - 1);
  const node: Operated = {
    operation: random() < 0.5 ? '+' : '-',
    left: drawTree(before, random, nodes),
    right: drawTree(operations - 1 - before, random, nodes),
  };
  nodes.push(node);
  return node;
};

/**
 * Numbers to 20, one in ten of them below zero; at most one product, by a number of one digit, so that a model of
 * under a million parameters can learn it; half of the brackets that could be left out are written.
 */
export const drawArithmetic = (operations: number, product: boolean, random: () => number): string => {
  const nodes: Operated[] = [];
  const whole = drawTree(operations, random, nodes);
  if (product) {
    const node = drawOne(
      random,
      nodes.filter(({ left, right }) => typeof left === 'bigint' || typeof right === 'bigint'),
    );
    node.operation = '*';
    const digit = BigInt(drawInt(random, 0, 9));
    const both = typeof node.left === 'bigint' && typeof node.right === 'bigint';
    if (both ? random() < 0.5 : typeof node.left === 'bigint') node.left = digit;
    else node.right = digit;
  }
  return `${printExpression(whole, () => random() < 0.5)}=`;
};
