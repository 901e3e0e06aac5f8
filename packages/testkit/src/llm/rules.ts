import type { Behaviour, BehaviourJson } from './behaviour.ts';
import type { ChatCall, Vendor } from './chat-call.ts';
import { draw } from './seeded-draw.ts';

/**
 * When a rule applies; all that is given must hold. Counting conditions (`every`, `first`, `firstOfEach`) count the
 * calls that came as far as this rule and fulfil its other conditions.
 */
export interface When {
  vendor?: Vendor;
  model?: string;
  /** In the text of any message. */
  contains?: string;
  /** Milliseconds since the rules were set or reset: from, inclusive, to, exclusive; null: for ever. */
  window?: [from: number, to: number | null];
  /** A share of the request bodies (0..1), by their hash: equal bodies fare alike. */
  fraction?: { of: number; seed: number };
  /** More than so many calls are in flight, this one included. */
  inFlightOver?: number;
  /** The nth, 2nth, ... call. */
  every?: number;
  /** The first n calls. */
  first?: number;
  /** The first n calls with the same body. */
  firstOfEach?: number;
}

export interface Rule {
  /** Stands in the record of the calls that it took; by default its place in the list, from 0. */
  name?: string;
  when?: When;
  then: Behaviour;
}

/** A rule without functions. */
export type RuleJson = Omit<Rule, 'then'> & { then: BehaviourJson };

/** What a rule may look at. */
export interface Incoming {
  call: ChatCall;
  bodyHash: string;
  inFlight: number;
  /** Milliseconds since the rules were set or reset. */
  since: number;
}

const fits = (when: When, { call, bodyHash, inFlight, since }: Incoming): boolean => {
  const { vendor, model, contains, window, fraction, inFlightOver } = when;
  if (vendor !== undefined && call.vendor !== vendor) return false;
  if (model !== undefined && call.model !== model) return false;
  if (inFlightOver !== undefined && inFlight <= inFlightOver) return false;
  if (window && (since < window[0] || (window[1] !== null && since >= window[1]))) return false;
  if (fraction && draw(fraction.seed, bodyHash) >= fraction.of) return false;
  return contains === undefined || call.text.includes(contains);
};

/** A rule with what it has counted. */
class CountingRule {
  readonly name: string;
  readonly then: Behaviour;
  readonly #when: When;
  #calls = 0;
  readonly #ofBody = new Map<string, number>();

  constructor(rule: Rule, place: number) {
    this.name = rule.name ?? String(place);
    this.then = rule.then;
    this.#when = rule.when ?? {};
  }

  takes(incoming: Incoming): boolean {
    if (!fits(this.#when, incoming)) return false;
    const { every, first, firstOfEach } = this.#when;
    const nth = ++this.#calls;
    let nthOfBody = 0;
    if (firstOfEach !== undefined) {
      nthOfBody = (this.#ofBody.get(incoming.bodyHash) ?? 0) + 1;
      this.#ofBody.set(incoming.bodyHash, nthOfBody);
    }
    return (
      (every === undefined || nth % every === 0) &&
      (first === undefined || nth <= first) &&
      (firstOfEach === undefined || nthOfBody <= firstOfEach)
    );
  }
}

/** A list of rules; the first that takes a call decides. */
export class RuleBook {
  readonly #rules: CountingRule[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules.map((rule, place) => new CountingRule(rule, place));
  }

  /** The rule that takes this call, or undefined: the stub answers as it does without rules. */
  take(incoming: Incoming): { name: string; then: Behaviour } | undefined {
    return this.#rules.find((rule) => rule.takes(incoming));
  }
}
