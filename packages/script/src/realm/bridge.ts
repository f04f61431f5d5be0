import type { BrokerMethod, RealmMessage } from '../protocol.js';
import { NangoError } from './error/nango-error.js';
import type { Host } from './host.js';
import { parse, stringify } from './intrinsics.js';

/** Calls on their way at once; further ones wait here, so that a script's `Promise.all` over thousands floods nobody. */
const maxOpenCalls = 64;

/** What the broker answered: a value, and a body as text or bytes. */
export type Answer = { value: unknown; text: string | null; bytes: Uint8Array | null };
export type Call = { method: BrokerMethod; args: unknown; body?: string; binary?: boolean };

type Waiting = { resolve: (answer: Answer) => void; reject: (error: Error) => void };

/** Correlates calls with their answers. */
export class Bridge {
  readonly #host: Host;
  readonly #open = new Map<number, Waiting>();
  readonly #queue: (() => void)[] = [];
  #lastId = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Calls on their way or waiting for their turn. */
  get pending(): number {
    return this.#open.size + this.#queue.length;
  }

  /** A refusal of the broker is thrown as {@link NangoError} with the broker's code. */
  call(call: Call): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const send = (): void => this.#send(call, { resolve, reject });
      if (this.#open.size < maxOpenCalls) send();
      else this.#queue.push(send);
    });
  }

  post(message: RealmMessage, body: string | null = null): void {
    this.#host.send(stringify(message), body);
  }

  deliver(answerJson: string, text: string | null, bytes: Uint8Array | null): void {
    // The host is the only caller; it sends what the driver's frames say.
    const answer = parse(answerJson) as { id: number; ok: boolean; value?: unknown; error?: { code: string; message: string; payload?: unknown } };
    const waiting = this.#open.get(answer.id);
    if (!waiting) return;
    this.#open.delete(answer.id);
    if (answer.ok) waiting.resolve({ value: answer.value, text, bytes });
    else waiting.reject(new NangoError(answer.error?.code ?? 'server_error', answer.error?.message ?? 'The call failed', answer.error?.payload));
    // A queued call that cannot be made leaves its place to the next one.
    while (this.#open.size < maxOpenCalls && this.#queue.length > 0) this.#queue.shift()?.();
  }

  #send({ method, args, body, binary }: Call, waiting: Waiting): void {
    const id = ++this.#lastId;
    this.#open.set(id, waiting);
    try {
      const message: RealmMessage = { t: 'call', id, method, args, ...(binary ? { binary } : {}) };
      this.#host.call(id, stringify(message), body ?? null);
    } catch (error) {
      this.#open.delete(id);
      waiting.reject(error instanceof Error ? error : new Error('The call could not be made'));
    }
  }
}
