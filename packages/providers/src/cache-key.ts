import { hash } from 'node:crypto';
import type { ChatRequest } from '@flywheel/domain/chat';

/**
 * What makes two questions one: address, model, messages, parameters, schema, repetition. SHA-256, 64 hex digits.
 * The order of the parts is fixed here, so that it depends on no object's order of keys.
 */
export const cacheKey = (baseUrl: string, request: ChatRequest, repetition: number): string => {
  const { temperature, topP, maxTokens, seed } = request.params;
  return hash(
    'sha256',
    JSON.stringify([
      1,
      baseUrl,
      request.model,
      request.messages.map((m) => [m.role, m.content]),
      [temperature ?? null, topP ?? null, maxTokens, seed ?? null],
      request.schema,
      repetition,
    ]),
  );
};
