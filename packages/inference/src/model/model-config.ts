import { z } from 'zod';
import { type ByteSource, readJson } from './byte-source.ts';

const Ids = z
  .union([z.number().int(), z.array(z.number().int())])
  .nullish()
  .transform((ids) => (ids === null || ids === undefined ? [] : Array.isArray(ids) ? ids : [ids]));

const Config = z.object({
  model_type: z.string().default('unknown'),
  vocab_size: z.number().int().positive(),
  hidden_size: z.number().int().positive(),
  num_hidden_layers: z.number().int().positive(),
  num_attention_heads: z.number().int().positive(),
  num_key_value_heads: z.number().int().positive().optional(),
  head_dim: z.number().int().positive().nullish(),
  max_position_embeddings: z.number().int().positive().default(2048),
  eos_token_id: Ids,
});

/** What the engine must know of a decoder, from `config.json` and `generation_config.json`. */
export interface ModelConfig {
  /** e.g. `llama` */
  type: string;
  vocabulary: number;
  width: number;
  layers: number;
  keyValueHeads: number;
  headSize: number;
  /** Positions that the model was made for; a graph may hold fewer. */
  positions: number;
  /** Tokens that end an answer. */
  stops: number[];
}

/** @throws Error that names the file and the field */
export const readModelConfig = async (source: ByteSource): Promise<ModelConfig> => {
  const read = Config.safeParse(await readJson(source, 'config.json'));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Error(
      `config.json of ${source.name} cannot be used: ${issue?.path.join('.') || 'the file'}: ${issue?.message}. A folder in Hugging Face's layout is needed.`,
    );
  }
  const config = read.data;
  const generation = z
    .object({ eos_token_id: Ids })
    .safeParse((await readJson(source, 'generation_config.json')) ?? {});
  return {
    type: config.model_type,
    vocabulary: config.vocab_size,
    width: config.hidden_size,
    layers: config.num_hidden_layers,
    keyValueHeads: config.num_key_value_heads ?? config.num_attention_heads,
    headSize: config.head_dim ?? config.hidden_size / config.num_attention_heads,
    positions: config.max_position_embeddings,
    stops: [...new Set([...(generation.data?.eos_token_id ?? []), ...config.eos_token_id])],
  };
};
