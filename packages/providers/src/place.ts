import type { ChatAnswer } from '@flywheel/domain/chat';
import type { ProviderLimits, ProviderSettings } from '@flywheel/domain/provider';
import type { CallFlight } from './call-flight.ts';
import { ChatFailure } from './chat-failure.ts';
import type { ProviderClient } from './client.ts';
import type { Question } from './desk.ts';
import { Gate, type Outcome } from './gate.ts';
import { type Here, openClient } from './open-client.ts';

/** Clients that are kept open; more than one only where the settings changed under a run, or the key did. */
const CLIENTS = 4;

/** A provider's gate, and the clients of those who ask there, each with the settings that its asker was given. */
export class Place {
  readonly gate: Gate;
  private readonly here: Here;
  private readonly clients = new Map<string, ProviderClient>();

  constructor(limits: ProviderLimits, here: Here) {
    this.here = here;
    this.gate = new Gate(limits);
  }

  /**
   * The client for exactly these settings: an answer is kept under the address in the question, so it must come from there.
   *
   * @throws ChatFailure when the settings name no address that may be reached
   */
  client(settings: ProviderSettings, key: string | null): ProviderClient {
    const { kind, baseUrl, recording, allowPrivate, limits } = settings;
    const id = JSON.stringify([kind, baseUrl, recording, allowPrivate, limits.timeoutSeconds, key]);
    let client = this.clients.get(id);
    if (!client) {
      client = openClient(settings, key, this.here);
      this.clients.set(id, client);
      const [oldest] = this.clients.keys();
      if (this.clients.size > CLIENTS && oldest !== undefined) this.retire(oldest, limits.timeoutSeconds);
    }
    return client;
  }

  /** One try of a question, from its place in the line to the answer. */
  async tryOnce(
    { request, provider, key, caller, priority, limit }: Question,
    tokens: number,
    flight: CallFlight,
    waited: (ms: number) => void,
  ): Promise<ChatAnswer> {
    const own = limit ?? Number.POSITIVE_INFINITY;
    const pass = await this.gate.enter({ caller, priority, limit: own, tokens, signal: flight.signal });
    waited(pass.waitedMs);
    flight.atModel(true);
    try {
      const onText = flight.streams ? (delta: string) => flight.text(delta) : undefined;
      const answer = await this.client(provider, key).complete(request, { signal: flight.signal, onText });
      pass.leave('answered', { used: answer.usage.input + answer.usage.output });
      return answer;
    } catch (error) {
      pass.leave(outcomeOf(error), {
        used: 0,
        retryAfterMs: error instanceof ChatFailure ? error.retryAfterMs : null,
      });
      flight.atModel(false);
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
    this.clients.clear();
  }

  /** Its calls may take their time before their connections go. */
  private retire(id: string, seconds: number): void {
    const client = this.clients.get(id);
    this.clients.delete(id);
    setTimeout(() => void client?.close(), seconds * 1_000).unref();
  }
}

const outcomeOf = (error: unknown): Outcome => {
  if (!(error instanceof ChatFailure)) return 'none';
  switch (error.failure) {
    case 'rate-limited':
      return 'rate-limited';
    case 'overloaded':
    case 'server-error':
    case 'timeout':
    case 'network':
      return 'failed';
    default:
      return 'answered';
  }
};
