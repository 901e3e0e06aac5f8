import { z } from 'zod';

/** What the size of a head must be a multiple of. */
const HEAD = 16;

/** Sizes of a decoder of the Llama type: RMSNorm, rotary positions, grouped-query attention, SwiGLU, one table for both ends. */
export const DecoderShape = z
  .object({
    vocabulary: z.number().int().min(2),
    width: z.number().int().min(8),
    layers: z.number().int().min(1),
    heads: z.number().int().min(1),
    /** Heads of keys and values; each serves `heads / keyHeads` queries. */
    keyHeads: z.number().int().min(1),
    /** Width of the gated activation. */
    hidden: z.number().int().min(8),
    /** Tokens that a text may have. */
    positions: z.number().int().min(8),
    ropeTheta: z.number().positive().default(10_000),
    epsilon: z.number().positive().default(1e-5),
  })
  .refine(({ width, heads }) => width % (HEAD * heads) === 0, {
    error: `The width must be a multiple of ${HEAD} times the heads: onnxruntime's attention takes heads of such sizes.`,
    path: ['width'],
  })
  .refine(({ heads, keyHeads }) => heads % keyHeads === 0, {
    error: 'The heads must be a multiple of the heads of keys.',
    path: ['keyHeads'],
  });
export type DecoderShape = z.infer<typeof DecoderShape>;

export const headSize = ({ width, heads }: DecoderShape): number => width / heads;
