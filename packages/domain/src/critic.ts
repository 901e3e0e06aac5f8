import { z } from 'zod';
import { ModelParams } from './chat.ts';
import { JudgeId } from './ids.ts';
import { JsonValue } from './trace.ts';

/** A critic's short name, e.g. `first-error`; its judges are `critic:first-error@7`, one a version. */
export const CriticId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'a critic is named in small letters, digits and hyphens, e.g. first-error',
  )
  .brand<'critic'>();
export type CriticId = z.infer<typeof CriticId>;

/** 16 hex digits over everything that {@link CriticBody} holds: equal bodies are one version. */
export const CriticHash = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .brand<'critic-hash'>();
export type CriticHash = z.infer<typeof CriticHash>;

/** Few-shot examples: drawn from gold of the train split, never the judged problem. */
export const ExamplePolicy = z.object({
  /** How many; 0: none. */
  n: z.number().int().min(0).max(20).default(0),
  seed: z.number().int().min(0).default(1),
  /** `same-task`: only of the judged trace's task. */
  from: z.enum(['same-task', 'any']).default('same-task'),
});
export type ExamplePolicy = z.infer<typeof ExamplePolicy>;

/** What makes a critic's version: templates (Jinja), output schema, parameters, examples. */
export const CriticBody = z.object({
  system: z.string().max(200_000),
  user: z.string().max(200_000),
  schema: z.record(z.string(), JsonValue),
  params: ModelParams,
  examples: ExamplePolicy,
});
export type CriticBody = z.infer<typeof CriticBody>;

/** An immutable version; `number` counts up from 1 within its critic. */
export interface CriticVersion extends CriticBody {
  critic: CriticId;
  number: number;
  hash: CriticHash;
  title: string;
  /** The version's number that this one was made from; null for the first. */
  parent: number | null;
  createdAt: number;
}

export interface CriticSummary {
  id: CriticId;
  versions: number;
  /** Title of the newest version. */
  title: string;
  updatedAt: number;
  archived: boolean;
}

/** The judge that a version is: `critic:first-error@7`. */
export const judgeOfVersion = (critic: CriticId, number: number): JudgeId =>
  JudgeId.parse(`critic:${critic}@${number}`);

/** Critic and version number of such a judge; null for any other judge. */
export const versionOfJudge = (judge: string): { critic: CriticId; number: number } | null => {
  const match = /^critic:([a-z0-9][a-z0-9-]{0,39})@(\d+)$/.exec(judge);
  return match ? { critic: CriticId.parse(match[1]), number: Number(match[2]) } : null;
};
