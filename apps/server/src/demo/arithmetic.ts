import { seededRandom } from '@flywheel/domain/metrics/random';

/** Kinds of slip that small models make in column arithmetic and word problems; names are those of the taxonomy. */
export type Slip = 'arithmetic' | 'sign' | 'operand' | 'operation' | 'skipped';

export interface DemoRecord {
  task: string;
  model: string;
  question: string;
  reference: string;
  steps: string[];
  answer: string;
  level: number;
  /** 0-based, -1 when clean; only on the part that has gold. */
  first_error?: number;
}

type Op = '+' | '-' | '*';
interface Operation {
  op: Op;
  operand: number;
}
interface DemoProblem {
  start: number;
  operations: Operation[];
  level: number;
}

/** Chance of a slip a step, growing with the level, and how the slips are spread: made up, and different by model. */
const MODELS: { model: string; rate: number; slips: Slip[] }[] = [
  {
    model: 'demo-small',
    rate: 0.14,
    slips: ['arithmetic', 'arithmetic', 'sign', 'operand', 'operation', 'skipped'],
  },
  { model: 'demo-medium', rate: 0.07, slips: ['arithmetic', 'arithmetic', 'operand', 'sign', 'skipped'] },
  { model: 'demo-large', rate: 0.03, slips: ['arithmetic', 'operand', 'skipped'] },
];

const apply = (a: number, op: Op, b: number): number => (op === '+' ? a + b : op === '-' ? a - b : a * b);
const write = (n: number): string => (n < 0 ? `(${n})` : String(n));
const VERB: Record<Op, string> = { '+': 'add', '-': 'subtract', '*': 'multiply by' };

/** A sum with a forgotten or an extra carry: wrong by a power of ten inside the number. */
const carrySlip = (value: number, random: () => number): number => {
  const digits = Math.max(1, String(Math.abs(value)).length - 1);
  const off = 10 ** Math.floor(random() * digits);
  return value + (random() < 0.5 ? off : -off);
};

const swapDigits = (n: number): number => {
  const text = String(Math.abs(n));
  if (text.length < 2) return n + 1;
  const swapped = Number(text.slice(0, -2) + text.at(-1) + text.at(-2));
  return swapped === Math.abs(n) ? n + 10 : Math.sign(n) * swapped;
};

const other: Record<Op, Op> = { '+': '-', '-': '+', '*': '+' };

/** One attempt: after a slip, later steps go on correctly from the wrong value, as models do. */
const attempt = (problem: DemoProblem, rate: number, slips: readonly Slip[], random: () => number) => {
  const steps: string[] = [];
  let value = problem.start;
  let firstError: number | null = null;
  for (let k = 0; k < problem.operations.length; k++) {
    const { op, operand } = problem.operations[k] as Operation;
    const slip =
      random() < rate * (1 + problem.level / 2) ? slips[Math.floor(random() * slips.length)] : undefined;
    const before: number = value;
    let usedOp = op;
    let usedOperand = operand;
    let result = apply(before, op, operand);
    const right = result;
    switch (slip) {
      case 'arithmetic':
        result = carrySlip(result, random);
        break;
      case 'sign':
        result = -result;
        break;
      case 'operand':
        usedOperand = swapDigits(operand);
        result = apply(before, op, usedOperand);
        break;
      case 'operation':
        usedOp = other[op];
        result = apply(before, usedOp, operand);
        break;
      case 'skipped':
        // A left-out operation leaves no line: the flaw is at the line that goes on without it.
        result = k + 1 < problem.operations.length ? before : carrySlip(result, random);
        break;
      case undefined:
        break;
    }
    if (slip && result !== right && firstError === null) firstError = steps.length;
    const gap = slip === 'skipped' && k + 1 < problem.operations.length;
    if (!gap)
      steps.push(
        `${verb(usedOp, usedOperand)}: ${write(before)} ${usedOp} ${write(usedOperand)} = ${result}`,
      );
    value = result;
  }
  steps.push(`The result is ${value}.`);
  return { steps, answer: String(value), firstError };
};

const verb = (op: Op, n: number): string => {
  const text = `${VERB[op]} ${n}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const makeProblem = (random: () => number): DemoProblem => {
  const level = Math.floor(random() * 4);
  const size = 10 ** (1 + Math.min(2, level));
  const operations = Array.from({ length: 2 + level }, (): Operation => {
    const op = (['+', '-', '*'] as const)[Math.floor(random() * 3)] ?? '+';
    return { op, operand: 2 + Math.floor(random() * (op === '*' ? 9 : size)) };
  });
  return { start: 2 + Math.floor(random() * size), operations, level };
};

const question = ({ start, operations }: DemoProblem): string => {
  const acts = operations.map(({ op, operand }) => `${VERB[op]} ${operand}`);
  return `Start with ${start}. Then ${acts.join(', then ')}. What is the result? Work step by step.`;
};

/**
 * Demo traces: `problems` arithmetic problems, each attempted by three made-up models. Every third problem has gold.
 * The same seed gives the same traces.
 */
export const demoRecords = (problems = 140, seed = 20_261): DemoRecord[] => {
  const random = seededRandom(seed);
  return Array.from({ length: problems }, (_, i) => ({ i, problem: makeProblem(random) })).flatMap(
    ({ i, problem }) => {
      const reference = problem.operations.reduce((v, o) => apply(v, o.op, o.operand), problem.start);
      return MODELS.map(({ model, rate, slips }): DemoRecord => {
        const { firstError, ...tried } = attempt(problem, rate, slips, random);
        return {
          task: 'demo-arithmetic',
          model,
          question: question(problem),
          reference: String(reference),
          ...tried,
          level: problem.level,
          ...(i % 3 === 0 ? { first_error: firstError ?? -1 } : {}),
        };
      });
    },
  );
};
