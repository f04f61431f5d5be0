import { AuthError } from '../auth-error.js';
import type { SessionStatus } from '../server-api.js';
import type { ResultMessage } from './result-message.js';

interface WatchOptions {
  popup: { readonly closed: boolean };
  /** Whether a closed popup ends the flow. */
  detectsClosedWindow: boolean;
  askStatus: (wsClientId: string, ended: AbortSignal) => Promise<SessionStatus>;
  onResult: (result: ResultMessage) => void;
  onError: (error: AuthError) => void;
  ended: AbortSignal;
}

const tickMs = 250;
const pollMs = 2000;
const fastPollMs = 500;
const maxPollMs = 10_000;
const maxFlowMs = 10 * 60_000;
/** A provider's Cross-Origin-Opener-Policy makes an open popup read closed, so the end user may still be signing in. */
const maxClosedMs = 60_000;
/** A poll must be asked this long after the popup closed to count as "has not left": the request that leaves may be under way. */
const leaveMs = 400;

/** Watches a flow beside its socket: polls the server for the result and notices that the popup was closed. */
export class SessionWatch {
  readonly #options: WatchOptions;
  readonly #startedAt = Date.now();
  #wsClientId: string | undefined;
  #socketLost = false;
  /** Since when the popup's handle reads closed. */
  #closedAt = Infinity;
  #lastPollAt = -Infinity;
  #isPolling = false;
  /** False once the server has answered that it does not know the session. */
  #canPoll = true;

  constructor(options: WatchOptions) {
    this.#options = options;
    const timer = setInterval(() => this.#tick(), tickMs);
    options.ended.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  /** Polling can begin: the server has named the flow, and the popup is on its way to it. */
  begin(wsClientId: string): void {
    this.#wsClientId = wsClientId;
    this.#lastPollAt = Date.now();
  }

  /** From now on only polling brings the result. */
  socketLost(): void {
    this.#socketLost = true;
    this.#lastPollAt = -Infinity;
    if (this.#wsClientId === undefined) this.#fail('The WebSocket of the server cannot be reached. Check host and websocketsPath.', 'unknown_error');
    else this.#failIfUnknown();
  }

  #tick(): void {
    const now = Date.now();
    if (now - this.#startedAt >= maxFlowMs) return this.#fail('The authorisation was not finished within 10 minutes.', 'unknown_error');
    if (this.#options.popup.closed && this.#closedAt === Infinity) {
      this.#closedAt = now;
      this.#lastPollAt = -Infinity;
    }
    if (this.#options.detectsClosedWindow && now - this.#closedAt >= (this.#wsClientId ? maxClosedMs : 0)) return this.#failAsClosed();
    if (this.#wsClientId && this.#canPoll && !this.#isPolling && now - this.#lastPollAt >= this.#interval(now)) void this.#poll(this.#wsClientId);
  }

  #interval(now: number): number {
    // Without `detectClosedAuthWindow` a popup that was left behind must not be polled for fast during all of 10 minutes.
    const closedLately = now - this.#closedAt >= 0 && now - this.#closedAt < maxClosedMs;
    return this.#socketLost || closedLately ? fastPollMs : pollMs;
  }

  async #poll(wsClientId: string): Promise<void> {
    const { askStatus, ended } = this.#options;
    const askedAt = Date.now();
    this.#lastPollAt = askedAt;
    this.#isPolling = true;
    const poll = new AbortController();
    const abort = (): void => poll.abort();
    const timer = setTimeout(abort, maxPollMs);
    ended.addEventListener('abort', abort, { once: true, signal: poll.signal });
    // A poll that fails is repeated at the next interval.
    const answer = await askStatus(wsClientId, poll.signal).catch(() => undefined);
    clearTimeout(timer);
    abort();
    this.#isPolling = false;
    if (answer && !ended.aborted) this.#take(answer, askedAt);
  }

  #take(answer: SessionStatus, askedAt: number): void {
    if (answer.status === 'finished') return this.#options.onResult(answer.result);
    if (answer.status === 'unknown') {
      this.#canPoll = false;
      return this.#failIfUnknown();
    }
    const closedBeforeLeaving = answer.status === 'waiting' && askedAt - this.#closedAt >= leaveMs;
    if (this.#options.detectsClosedWindow && closedBeforeLeaving) this.#failAsClosed();
  }

  #failIfUnknown(): void {
    if (this.#socketLost && !this.#canPoll) this.#fail('The connection to the server was lost and the authorisation is not known any more.', 'unknown_error');
  }

  #failAsClosed(): void {
    this.#fail('The window was closed before the authorisation was finished.', 'window_closed');
  }

  #fail(message: string, type: string): void {
    this.#options.onError(new AuthError(message, type));
  }
}
