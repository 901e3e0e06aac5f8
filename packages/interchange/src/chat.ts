import type { JsonValue } from '@flywheel/domain/trace';
import { asText, isRecord } from './fields.ts';

export interface Message {
  role: string;
  text: string;
}

/** Role names of ShareGPT's `from`. */
const ROLES: Record<string, string> = {
  human: 'user',
  gpt: 'assistant',
  bot: 'assistant',
  model: 'assistant',
};

/** Text of a message: a string, or parts of which those with text count (OpenAI). */
const contentOf = (v: JsonValue | undefined): string | null => {
  if (!Array.isArray(v)) return asText(v);
  const texts = v.flatMap((part) => (isRecord(part) && typeof part.text === 'string' ? [part.text] : []));
  return texts.length > 0 ? texts.join('\n') : null;
};

/** Messages as OpenAI and Hugging Face (`role`, `content`) or ShareGPT (`from`, `value`) write them; null when it is something else. */
export const messagesOf = (v: JsonValue | undefined): Message[] | null => {
  if (!Array.isArray(v) || v.length === 0) return null;
  const messages: Message[] = [];
  for (const item of v) {
    if (!isRecord(item)) return null;
    const role = asText(item.role ?? item.from);
    if (role === null || !('content' in item || 'value' in item)) return null;
    const known = Object.hasOwn(ROLES, role) ? ROLES[role] : role;
    messages.push({ role: known ?? role, text: contentOf(item.content ?? item.value) ?? '' });
  }
  return messages;
};

/** Messages before an answer as one prompt: one message as it is, several with their roles. */
export const promptOf = (messages: readonly Message[]): string =>
  messages.length === 1
    ? (messages[0] as Message).text
    : messages.map((m) => `${m.role}: ${m.text}`).join('\n\n');

/** Text of a field: as it stands, or of the messages in it. */
export const textOrMessages = (v: JsonValue | undefined): string | null => {
  const messages = messagesOf(v);
  return messages ? promptOf(messages) : asText(v);
};
