/** How a {@link CircuitBreaker} judges: open after so many failures in a row, at first for `openMs`, twice as long after each probe that failed. */
export type BreakerOptions = { failures: number; openMs: number; longestOpenMs: number };

/** Whether a call may be sent. After `probe` everybody else waits until its outcome is told, or as long as before. */
export type Passage = { kind: 'closed' } | { kind: 'probe' } | { kind: 'open'; retryAfterMs: number };

type State = { failures: number; openForMs: number; openUntil: number };

const usual: BreakerOptions = { failures: 5, openMs: 1_000, longestOpenMs: 60_000 };
const mostHosts = 10_000;

/** Of a host that gave no answer at all; what it answers, whatever it is, counts as an answer. */
const failureCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);

/** Keeps calls from a host that does not answer: they would wait for nothing, and hold places that others need. */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  /** Of hosts that failed last. */
  readonly #states = new Map<string, State>();

  constructor(options: Partial<BreakerOptions> = {}) {
    this.#options = { ...usual, ...options };
  }

  /** How long a host is closed to everybody; null when a call may be tried. */
  closedForMs(host: string, now = Date.now()): number | null {
    const state = this.#states.get(host);
    if (!state || state.openUntil === 0) return null;
    return state.openUntil > now ? state.openUntil - now : null;
  }

  /** Asks for a call's way; whoever is let through tells its outcome. */
  enter(host: string, now = Date.now()): Passage {
    const state = this.#states.get(host);
    if (!state || state.openUntil === 0) return { kind: 'closed' };
    const retryAfterMs = this.closedForMs(host, now);
    if (retryAfterMs !== null) return { kind: 'open', retryAfterMs };
    // One probe at a time, and another one if it takes long: a slow call must not keep everybody else out.
    state.openUntil = now + state.openForMs;
    return { kind: 'probe' };
  }

  /** The host has answered. */
  answered(host: string): void {
    if (this.#states.size > 0) this.#states.delete(host);
  }

  /** The call ended without an answer: a failure of the host, or of somebody else, as when the caller left. */
  failed(host: string, passage: Passage, { error, now = Date.now() }: { error: unknown; now?: number }): void {
    const known = this.#states.get(host);
    if (!isFailureOfHost(error)) return this.#letProbe(known, passage, now);
    const state = known ?? this.#begin(host);
    state.failures++;
    const mayOpen = passage.kind === 'probe' || (state.openUntil === 0 && state.failures >= this.#options.failures);
    if (!mayOpen) return;
    state.openForMs = state.openForMs === 0 ? this.#options.openMs : Math.min(state.openForMs * 2, this.#options.longestOpenMs);
    state.openUntil = now + state.openForMs;
  }

  /** A probe that was given up told nothing: the next call is one. */
  #letProbe(state: State | undefined, passage: Passage, now: number): void {
    if (state && passage.kind === 'probe') state.openUntil = Math.max(1, now);
  }

  #begin(host: string): State {
    const [oldest] = this.#states.keys();
    if (this.#states.size >= mostHosts && oldest !== undefined) this.#states.delete(oldest);
    const state: State = { failures: 0, openForMs: 0, openUntil: 0 };
    this.#states.set(host, state);
    return state;
  }
}

function isFailureOfHost(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return isFailureOfHost(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && failureCodes.has(error.code);
}
