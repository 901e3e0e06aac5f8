import type { AnswerBehaviour, AnswerForm, UsageForm } from './behaviour.ts';
import type { ChatCall } from './chat-call.ts';
import { cutToTokens, stubTokens } from './count-tokens.ts';
import type { Finish, Reply } from './wire.ts';

const REFUSAL = 'I am sorry, but I cannot judge this.';

const dress = (form: AnswerForm, text: string): string => {
  switch (form) {
    case 'plain':
    case 'malformed-body':
      return text;
    case 'fence':
      return `\`\`\`json\n${text}\n\`\`\``;
    case 'prose':
      return `Let me look at the steps one by one.\n\n${text}\n\nI hope that this helps.`;
    case 'not-json':
      return 'The first error seems to be somewhere in the middle.';
    case 'wrong-schema':
      return '{"verdict":"flawed","step":"the second one"}';
    case 'refusal':
      return REFUSAL;
    case 'truncated':
      return text.slice(0, Math.ceil(text.length / 2));
    case 'empty':
      return '';
  }
};

const countOf = (form: UsageForm, input: number, output: number): Reply['usage'] => {
  switch (form) {
    case 'counted':
      return { input, output };
    case 'missing':
      return null;
    case 'zero':
      return { input: 0, output: 0 };
    case 'negative':
      return { input: -input, output: -output };
    case 'wrong':
      return { input: input * 10, output: output * 10 };
  }
};

const FILLER = 'and so on '.repeat(10_000);

const filler = (megabytes: number): string =>
  megabytes === 0 ? '' : ` ${FILLER.repeat(Math.ceil((megabytes * 1e6) / FILLER.length))}`;

/** The reply to call number `number`: `text` in the behaviour's form, cut at the caller's limit, with its token counts. */
export const dressAnswer = (
  number: number,
  call: ChatCall,
  text: string,
  { form = 'plain', usage = 'counted', chunks = 8, hugeMb = 0 }: AnswerBehaviour,
): Reply => {
  let said = dress(form, text) + filler(hugeMb);
  let output = stubTokens(said);
  let finish: Finish = form === 'refusal' ? 'refusal' : form === 'truncated' ? 'length' : 'stop';
  // A huge body is the stub's misbehaviour: it heeds no limit.
  if (call.maxTokens !== null && output > call.maxTokens && hugeMb === 0) {
    said = cutToTokens(said, call.maxTokens);
    output = stubTokens(said);
    if (finish === 'stop') finish = 'length';
  }
  return {
    call: number,
    model: call.model,
    text: said,
    finish,
    usage: countOf(usage, stubTokens(call.text), output),
    tool: call.tool,
    streamUsage: call.streamUsage,
    chunks,
  };
};
