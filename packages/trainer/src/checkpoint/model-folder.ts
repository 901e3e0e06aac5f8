import { characterTokenizer, shownCharacter } from '@flywheel/inference/model/character-tokenizer';
import { writeModel } from '@flywheel/onnx/model';
import type { Characters } from '../data/characters.ts';
import { huggingFaceConfig, huggingFaceWeights } from '../llama/hugging-face.ts';
import type { DecoderShape } from '../llama/shape.ts';
import { onnxDecoder } from './onnx-decoder.ts';
import { writeSafetensors } from './safetensors.ts';

const PAD = '<pad>';

/**
 * A trained decoder as a folder in Hugging Face's layout, by path: what transformers loads, and beside it what our engine runs.
 *
 * @param weights the vector, see `parametersOf`
 * @param end the character that ends an answer
 * @throws RangeError where the alphabet has characters beyond ASCII, or not so many as the decoder has tokens
 */
export const modelFolder = (
  shape: DecoderShape,
  weights: Float32Array,
  characters: Characters,
  end: string,
): Map<string, Uint8Array<ArrayBuffer>> => {
  if (characters.vocabulary !== shape.vocabulary)
    throw new RangeError(
      `The alphabet makes ${characters.vocabulary} tokens, the decoder has ${shape.vocabulary}.`,
    );
  const [endId] = characters.encode(end);
  const named = huggingFaceWeights(shape, weights);
  const config = {
    ...huggingFaceConfig(shape),
    eos_token_id: endId,
    pad_token_id: characters.alphabet.length,
  };
  const generation = { eos_token_id: endId, pad_token_id: characters.alphabet.length, do_sample: false };
  return new Map([
    ['config.json', json(config)],
    ['generation_config.json', json(generation)],
    ['tokenizer.json', json(characterTokenizer(characters.alphabet, PAD))],
    [
      'tokenizer_config.json',
      json({ tokenizer_class: 'PreTrainedTokenizerFast', pad_token: PAD, eos_token: shownCharacter(end) }),
    ],
    ['model.safetensors', writeSafetensors({ tensors: named, metadata: { format: 'pt' } })],
    ['onnx/model.onnx', writeModel(onnxDecoder(shape, named))],
  ]);
};

const json = (body: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${JSON.stringify(body, null, 2)}\n`);
