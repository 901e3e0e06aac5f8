import { ChatMessage } from '@flywheel/domain/chat';
import { z } from 'zod';

/** What another implementation found a model to say, in float64: the oracle that a converted model is checked against. */
export const Reference = z.object({
  score: z.array(
    z.object({
      text: z.string(),
      ids: z.array(z.number().int()),
      /** Entry `i` is of token `i + 1`. */
      logprob: z.array(z.number()),
      rank: z.array(z.number().int()),
      entropy: z.array(z.number()),
    }),
  ),
  greedy: z.array(
    z.object({
      messages: z.array(ChatMessage),
      prompt: z.string(),
      prompt_ids: z.array(z.number().int()),
      continuation_ids: z.array(z.number().int()),
      /** Log-probability of the first choice less that of the second, at each token. */
      gap: z.array(z.number()),
    }),
  ),
  tokenizer: z.array(z.object({ text: z.string(), ids: z.array(z.number().int()) })),
});
export type Reference = z.infer<typeof Reference>;
