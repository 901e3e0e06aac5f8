import type { ChatMessage } from '@flywheel/domain/chat';
import { Template } from '@huggingface/jinja';
import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { type ByteSource, readJson } from './byte-source.ts';

const Token = z.union([z.string(), z.object({ content: z.string() }).transform((t) => t.content)]).nullish();
const TokenizerConfig = z.looseObject({
  bos_token: Token,
  eos_token: Token,
  chat_template: z
    .union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))])
    .nullish(),
});

/** Text to tokens and back, and messages to the text that the model was taught. */
export class Tokenizer {
  private readonly hub: HubTokenizer;
  private readonly template: Template | null;
  private readonly special: { bos_token: string; eos_token: string };

  constructor(hub: HubTokenizer, template: string | null, special: { bos_token: string; eos_token: string }) {
    this.hub = hub;
    this.template = template === null ? null : new Template(template);
    this.special = special;
  }

  /** Ids of a text. `special`: also the tokens that the model wants around it; a rendered prompt has them already. */
  encode(text: string, { special = false }: { special?: boolean } = {}): number[] {
    return Array.from(this.hub.encode(text, { add_special_tokens: special }).ids);
  }

  decode(ids: readonly number[]): string {
    // The library refuses no tokens at all.
    return ids.length === 0
      ? ''
      : this.hub.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  }

  /**
   * Where each token begins in the text of all, in UTF-16 units. Tokens that are parts of one character begin where it does.
   *
   * Texts of tokens alone do not add up to that of all, so each is looked at behind those just before it (as servers stream
   * tokens, e.g. text-generation-inference's `decode_token`).
   */
  starts(ids: readonly number[]): number[] {
    const found: number[] = [];
    let [before, from, at] = [0, 0, 0];
    for (let i = 0; i < ids.length; i++) {
      found.push(at);
      const known = this.decode(ids.slice(before, from));
      const text = this.decode(ids.slice(before, i + 1));
      if (text.length <= known.length || text.endsWith('\uFFFD')) continue;
      at += text.length - known.length;
      [before, from] = [from, i + 1];
    }
    return found;
  }

  /** The text of one token, as it stands in the vocabulary. */
  token(id: number): string {
    return this.hub.id_to_token(id) ?? `<${id}>`;
  }

  get hasTemplate(): boolean {
    return this.template !== null;
  }

  /** The prompt that asks for an answer to messages. @throws Error where the model has no chat template */
  render(messages: readonly ChatMessage[]): string {
    if (!this.template)
      throw new Error('The model has no chat template: it continues texts, but does not take messages.');
    return this.template.render({ messages, add_generation_prompt: true, ...this.special });
  }
}

/** @throws Error that says which file is missing */
export const readTokenizer = async (source: ByteSource): Promise<Tokenizer> => {
  const whole = await readJson(source, 'tokenizer.json');
  if (whole === null)
    throw new Error(
      `${source.name} holds no tokenizer.json. Older models must be converted: see docs/models.md.`,
    );
  const raw = (await readJson(source, 'tokenizer_config.json')) ?? {};
  const config = TokenizerConfig.parse(raw);
  const file =
    (await source.size('chat_template.jinja')) === null ? null : await source.read('chat_template.jinja');
  const kept = config.chat_template;
  const template = file
    ? new TextDecoder().decode(file)
    : Array.isArray(kept)
      ? (kept.find((t) => t.name === 'default')?.template ?? null)
      : (kept ?? null);
  return new Tokenizer(new HubTokenizer(whole as object, raw as object), template, {
    bos_token: config.bos_token ?? '',
    eos_token: config.eos_token ?? '',
  });
};
