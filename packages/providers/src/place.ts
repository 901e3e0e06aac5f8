import type { ChatAnswer } from '@flywheel/domain/chat';
import type { ProviderSettings } from '@flywheel/domain/provider';
import type { CallFlight } from './call-flight.ts';
import { ChatFailure } from './chat-failure.ts';
import type { ProviderClient } from './client.ts';
import type { Question } from './desk.ts';
import { Gate, type Outcome } from './gate.ts';
import { openClient } from './open-client.ts';

/** A provider's gate and its client, both following the settings as they change. */
export class Place {
  readonly gate: Gate;
  private readonly recordings: string;
  private settings: ProviderSettings;
  private opened: { client: ProviderClient; key: string | null } | null = null;

  constructor(settings: ProviderSettings, recordings: string) {
    this.settings = settings;
    this.recordings = recordings;
    this.gate = new Gate(settings.limits);
  }

  /** Takes over other settings; calls that are under way end with the old ones. */
  configure(settings: ProviderSettings): void {
    if (settings === this.settings || JSON.stringify(settings) === JSON.stringify(this.settings)) {
      this.settings = settings;
      return;
    }
    this.drop();
    this.settings = settings;
    this.gate.configure(settings.limits);
  }

  /** @throws ChatFailure when the settings name no address that may be reached */
  client(key: string | null): ProviderClient {
    if (this.opened && this.opened.key !== key) this.drop();
    this.opened ??= { client: openClient(this.settings, key, { recordings: this.recordings }), key };
    return this.opened.client;
  }

  /** One try of a question, from its place in the line to the answer. */
  async tryOnce(
    { request, key, caller, priority, limit }: Question,
    tokens: number,
    flight: CallFlight,
    waited: (ms: number) => void,
  ): Promise<ChatAnswer> {
    const most = limit ?? this.settings.limits.concurrency;
    const pass = await this.gate.enter({ caller, priority, limit: most, tokens, signal: flight.signal });
    waited(pass.waitedMs);
    flight.atModel(true);
    try {
      const onText = flight.streams ? (delta: string) => flight.text(delta) : undefined;
      // Not before: the settings may have changed while it waited.
      const answer = await this.client(key).complete(request, { signal: flight.signal, onText });
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
    await this.opened?.client.close();
    this.opened = null;
  }

  private drop(): void {
    const old = this.opened?.client;
    this.opened = null;
    // Its calls may take their time before their connections go.
    if (old) setTimeout(() => void old.close(), this.settings.limits.timeoutSeconds * 1_000).unref();
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
