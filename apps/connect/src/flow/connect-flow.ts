import type { AuthOptions, AuthResult, Nango } from '@nangohq/frontend';
import { type Failure, failureOf } from './failure.js';

/** What the flow needs of the browser client. */
export type ConnectClient = Pick<Nango, 'auth' | 'create' | 'reconnect' | 'clear'>;

/** One try to connect. `opensWindow`: the end user goes on in a window of the provider's. */
export type Attempt = { integrationKey: string; method: 'auth' | 'create' | 'reconnect'; options: AuthOptions; opensWindow: boolean };

/** Where the flow stands: nothing asked yet, a request under way, the provider's window open, failed, connected. */
export type FlowState =
  | { step: 'idle' }
  | { step: 'sending' }
  | { step: 'waiting' }
  | { step: 'failed'; failure: Failure; opensWindow: boolean }
  | { step: 'connected'; isPending: boolean };

/** Told once per attempt that ends by itself. */
export type FlowEvents = { onConnected: (result: AuthResult) => void; onFailed: (failure: Failure) => void };

/** Connects one integration. At most one attempt is under way; what a given-up attempt still answers is ignored. */
export class ConnectFlow {
  readonly #client: ConnectClient;
  readonly #events: FlowEvents;
  readonly #listeners = new Set<() => void>();
  #state: FlowState = { step: 'idle' };
  #attempt: Attempt | undefined;
  #turn = 0;

  constructor(client: ConnectClient, events: FlowEvents) {
    this.#client = client;
    this.#events = events;
  }

  /** The present state; another object after every change. */
  readonly state = (): FlowState => this.#state;

  /** Calls `listener` after every change of the state, until the returned function is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Begins an attempt. Must be called in the handler of a click: the window opens before this returns. */
  readonly start = (attempt: Attempt): void => {
    const turn = this.#giveUp();
    this.#attempt = attempt;
    this.#set({ step: attempt.opensWindow ? 'waiting' : 'sending' });
    const { integrationKey, method, options } = attempt;
    this.#client[method](integrationKey, options).then(
      (result) => this.#finish(turn, result),
      (error: unknown) => this.#fail(turn, failureOf(error)),
    );
  };

  /** Begins the same attempt again, in a new window where it has one. */
  readonly restart = (): void => {
    if (this.#attempt) this.start(this.#attempt);
  };

  /** Gives the attempt up and closes its window. */
  readonly cancel = (): void => {
    this.#giveUp();
    this.#set({ step: 'idle' });
  };

  #giveUp(): number {
    // First the turn: the client rejects the attempt whose window it closes.
    this.#turn += 1;
    this.#client.clear();
    return this.#turn;
  }

  #finish(turn: number, result: AuthResult): void {
    if (turn !== this.#turn) return;
    this.#set({ step: 'connected', isPending: result.isPending ?? false });
    this.#events.onConnected(result);
  }

  #fail(turn: number, failure: Failure): void {
    if (turn !== this.#turn) return;
    this.#set({ step: 'failed', failure, opensWindow: this.#attempt?.opensWindow ?? false });
    this.#events.onFailed(failure);
  }

  #set(state: FlowState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
