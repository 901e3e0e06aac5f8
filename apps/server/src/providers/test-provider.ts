import type { ChatAnswer, ChatRequest } from '@flywheel/domain/chat';
import type { Provider, ProviderSettings } from '@flywheel/domain/provider';
import { ChatFailure } from '@flywheel/providers/chat-failure';
import { GaveUp } from '@flywheel/providers/desk';
import { UserError } from '../errors.ts';

const STEPS = ['recording', 'endpoint', 'key', 'model', 'structured output', 'price'] as const;
type StepName = (typeof STEPS)[number];

/** One look at a provider. A step that is `ok` and has a remedy works, but could work better. */
export interface TestStep {
  name: StepName;
  ok: boolean;
  detail: string;
  /** What to do about it; empty where nothing is. */
  remedy: string;
}

export interface ProviderTest {
  ok: boolean;
  /** What was found out, in the order of a user's questions; none after one that failed. */
  steps: TestStep[];
  /** What the endpoint lists. */
  models: string[];
  milliseconds: number;
}

/** What a test needs of its surroundings. */
export interface TestPorts {
  /** Where it is, in words. @throws UserError for an address that may not be asked */
  address: () => string;
  /** What is known of its key. @throws UserError where the key cannot be read */
  key: () => Promise<Provider['key']>;
  models: () => Promise<string[]>;
  ask: (request: ChatRequest) => Promise<ChatAnswer>;
}

const SHOWN_MODELS = 8;
const ANSWER_TOKENS = 256;

/** What was found out so far; absent: not yet. */
interface Found {
  address?: string;
  key?: Provider['key'];
  reached?: boolean;
  models?: string[];
  model?: string;
  answer?: ChatAnswer;
}

/**
 * Tries a provider: whether its endpoint is reached, the key accepted, the model there, and an answer keeps to a schema.
 * A failure is told at the step that it is about, whichever call met it.
 *
 * @param limitMs after which the ports give up, for the message that says so
 */
export const testProvider = async (
  settings: ProviderSettings,
  ports: TestPorts,
  limitMs: number,
): Promise<ProviderTest> => {
  const began = performance.now();
  const first: StepName = settings.kind === 'replay' ? 'recording' : 'endpoint';
  const found: Found = {};
  let at: StepName = first;
  let failed: TestStep | null = null;
  try {
    found.address = ports.address();
    at = 'key';
    found.key = await ports.key();
    at = first;
    found.models = await ports.models();
    found.reached = true;
    if (settings.kind !== 'replay') {
      at = 'model';
      found.model = chosen(settings, found.models);
      at = 'structured output';
      found.answer = await ports.ask(probe(found.model));
    }
  } catch (error) {
    const failure = error instanceof GaveUp ? error.failure : error;
    // It refused: so it is there.
    if (failure instanceof ChatFailure && failure.status !== null) found.reached = true;
    failed = failedStep(failure, at, found, limitMs);
  }
  const passed = STEPS.slice(0, failed ? STEPS.indexOf(failed.name) : undefined).flatMap(
    (name) => passedStep(name, first, settings, found) ?? [],
  );
  return {
    ok: failed === null,
    steps: failed ? [...passed, failed] : passed,
    models: found.models ?? [],
    milliseconds: Math.round(performance.now() - began),
  };
};

const passedStep = (
  name: StepName,
  first: StepName,
  { prices }: ProviderSettings,
  { address, key, reached, models = [], model, answer }: Found,
): TestStep | null => {
  const step = (detail: string, remedy = ''): TestStep => ({ name, ok: true, detail, remedy });
  switch (name) {
    case 'recording':
    case 'endpoint':
      return name === first && reached ? step(String(address)) : null;
    case 'key':
      if (first === 'recording' || !reached) return null;
      if (key?.stale) return step(`the saved key is for ${key.origin}: none is sent, and none was asked for`);
      if (!key) return step('none is sent, and none was asked for');
      return step(
        `from the ${key.source === 'saved' ? 'key file' : 'environment'}, ${answer ? 'accepted' : 'not refused'}`,
      );
    case 'model':
      return model === undefined
        ? null
        : step(
            `${model}, ${models.length === 0 ? 'though the server lists none' : `one of ${models.length} listed`}`,
          );
    case 'structured output':
      return answer ? step(...answered(answer)) : null;
    case 'price': {
      const price = model === undefined ? undefined : (prices[model] ?? prices['*']);
      if (!answer) return null;
      return price
        ? step(`$${price.input} in, $${price.output} out a million tokens`)
        : step('none: costs are unknown');
    }
  }
};

const answered = ({ text, finish, modelMs, usage }: ChatAnswer): [detail: string, remedy: string] => {
  const timed = `answered in ${Math.round(modelMs)} ms${usage.estimated ? ', without counting tokens: they are estimated' : ''}`;
  if (isAsAsked(text)) return [timed, ''];
  return finish === 'length'
    ? [
        `${timed}, but was cut off at ${ANSWER_TOKENS} tokens`,
        'A model that thinks aloud needs a high limit of tokens in the critic.',
      ]
    : [
        `${timed}, but not in the JSON that was asked for`,
        'Turn structured output on at the server; else verdicts are read from the text, and more of them do not parse.',
      ];
};

/** The failure at the step that it is about. @throws what is no failure of the provider or its settings */
const failedStep = (failure: unknown, at: StepName, found: Found, limitMs: number): TestStep => {
  const { key } = found;
  if (failure instanceof ChatFailure) {
    const name = stepOf(failure, at);
    if (name === 'key' && failure.failure === 'wrong-key' && key?.stale)
      return {
        name,
        ok: false,
        detail: `${failure.message} The saved key is for ${key.origin}, and is not sent here.`,
        remedy: 'Save the right key for this address in Settings.',
      };
    return { name, ok: false, detail: failure.message, remedy: failure.remedy };
  }
  if (failure instanceof UserError)
    return { name: at, ok: false, detail: failure.what, remedy: failure.remedy };
  if (failure instanceof Error && (failure.name === 'TimeoutError' || failure.name === 'AbortError'))
    return {
      name: at,
      ok: false,
      detail: `No answer within ${limitMs / 1_000} s.`,
      remedy: 'Look whether the server is up and loaded its model.',
    };
  throw failure;
};

const stepOf = ({ failure }: ChatFailure, at: StepName): StepName => {
  switch (failure) {
    case 'wrong-key':
    case 'quota':
      return 'key';
    case 'no-such-model':
      return 'model';
    case 'network':
    case 'blocked-address':
      return at === 'recording' ? at : 'endpoint';
    default:
      return at;
  }
};

/** The model to ask: the settings' own, else the first that is listed. */
const chosen = ({ model }: ProviderSettings, listed: readonly string[]): string => {
  const [offered] = listed;
  if (model === '') {
    if (offered !== undefined) return offered;
    throw new UserError('No model is chosen, and the server lists none.', 'BAD_REQUEST', {
      remedy: 'Enter the name that the server knows it by.',
    });
  }
  // Ollama lists `llama3.1:latest` and answers to `llama3.1`.
  if (listed.length === 0 || listed.includes(model) || listed.includes(`${model}:latest`)) return model;
  const more = listed.length > SHOWN_MODELS ? `, and ${listed.length - SHOWN_MODELS} more` : '';
  throw new UserError(`The server does not list "${model}".`, 'BAD_REQUEST', {
    remedy: `Choose one that it lists: ${listed.slice(0, SHOWN_MODELS).join(', ')}${more}.`,
  });
};

const probe = (model: string): ChatRequest => ({
  model,
  messages: [{ role: 'user', content: 'Answer with this JSON, and nothing else: {"ok": true}' }],
  params: { maxTokens: ANSWER_TOKENS, temperature: 0 },
  schema: {
    type: 'object',
    properties: { ok: { type: 'boolean' } },
    required: ['ok'],
    additionalProperties: false,
  },
});

const isAsAsked = (text: string): boolean => {
  try {
    const { ok } = JSON.parse(text) as { ok?: unknown };
    return typeof ok === 'boolean';
  } catch {
    return false;
  }
};
