import type { ChatMessage } from '@flywheel/domain/chat';
import type { CriticBody } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import { analyse } from '@flywheel/judges/critic/analyse';
import type { CriticContext } from '@flywheel/judges/critic/context';
import { countTokens } from '@flywheel/judges/critic/count-tokens';
import type { Diagnostic } from '@flywheel/judges/critic/diagnostic';
import { type CriticTemplates, TemplateError } from '@flywheel/judges/critic/render';
import { loadTemplates } from '@flywheel/judges/critic/templates.web';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { reason } from '../../app/reason.ts';
import { markedPrompt, type Segment } from './marked-prompt.ts';
import { criticsServer } from './server.ts';

export interface Preview {
  messages: ChatMessage[];
  /** Each message in pieces, the values apart from the template's words. */
  marked: Segment[][];
  /** Milliseconds. */
  took: number;
  error: TemplateError | null;
}

/** What keeps the prompt from being shown, and another try. */
export interface PreviewFailure {
  cause: string;
  retry: () => void;
}

/** The template engine, once it has arrived. */
const useTemplates = () =>
  useQuery({
    queryKey: ['critics', 'templates'],
    queryFn: loadTemplates,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What the templates see of a trace. */
const useContext = (trace: TraceId | null, examples: CriticBody['examples']) =>
  useQuery({
    queryKey: ['critics', 'context', trace, examples],
    queryFn: () => criticsServer.context(trace as TraceId, examples),
    enabled: trace !== null,
    placeholderData: (before) => before,
  });

/** The prompt of a trace as it would be sent, what is wrong with the templates, and why nothing can be shown. */
export const usePreview = (body: CriticBody, trace: TraceId | null) => {
  const templates = useTemplates();
  const context = useContext(trace, body.examples);
  const sample = trace === null ? null : (context.data ?? null);
  const preview = useMemo(
    () => (templates.data && sample ? rendered(templates.data, body, sample) : null),
    [templates.data, body, sample],
  );
  const diagnostics = useMemo(
    (): Diagnostic[] => analyse(body, sample ?? undefined, templates.data),
    [body, sample, templates.data],
  );
  const failure: PreviewFailure | null = templates.error
    ? {
        cause: reason(templates.error),
        retry: () => void templates.refetch(),
      }
    : context.error
      ? {
          cause: `The trace could not be read: ${reason(context.error)}`,
          retry: () => void context.refetch(),
        }
      : null;
  return { preview, sample, diagnostics, failure };
};

const rendered = (templates: CriticTemplates, body: CriticBody, sample: CriticContext): Preview => {
  const began = performance.now();
  try {
    const messages = templates.render(body, sample);
    const took = performance.now() - began;
    return { messages, marked: markedPrompt(templates, body, sample, messages), took, error: null };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { messages: [], marked: [], took: performance.now() - began, error };
  }
};

/** Tokens of the messages by family of tokenizer; the vocabularies are fetched at the first call. */
export const useTokens = (messages: readonly ChatMessage[]) => {
  const text = messages.map((m) => m.content).join('\n');
  return useQuery({
    queryKey: ['critics', 'tokens', text],
    queryFn: () => countTokens(text),
    enabled: text !== '',
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    placeholderData: (before) => before,
  });
};
