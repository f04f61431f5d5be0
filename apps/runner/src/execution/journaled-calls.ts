import { decodeError, unpack } from 'journal';
import { type AppError, isAppError, type TapePiece } from 'model';
import { HeldWrites } from './held-writes.js';
import { ParkedAttempt } from './parked-attempt.js';
import type { PendingSaves } from './pending-saves.js';
import type { RecordedCall, RecordedCalls } from './recorded-calls.js';
import type { StoredTape } from './stored-tape.js';

/** A call of the script, as it is made and as it is read back. `what` names it to people. */
export type Call<T> = {
  id: string;
  what: string;
  /** A write outside comes after everything that was saved, and is kept back while the script takes another way than before. */
  order: 'any' | 'after-saves' | 'outside';
  make: (tape: TapePiece | null) => Promise<T>;
  /** Reads the recorded result; null where the call is made again, by the same id, also when it is recorded. */
  recall: ((value: Uint8Array) => T) | null;
  /** Answered before its piece of tape is stored; it says by itself when that is. */
  isStoredLater?: boolean;
};

type Parts = {
  recorded: RecordedCalls;
  tape: StoredTape;
  saves: PendingSaves;
  isFatal: (error: AppError) => boolean;
  onFatal: (error: AppError) => void;
  onStuck: (error: AppError) => void;
  onPark: (until: Date) => void;
};

/** Others that are under way get so long to be answered before the attempt ends as parked. */
const quietMs = 5_000;

/** Makes the calls of an attempt: those an earlier one has made are answered from its journal, the others live. */
export class JournaledCalls {
  readonly #parts: Parts;
  readonly #held: HeldWrites;
  readonly #open = new Set<Promise<unknown>>();
  #parkedUntil: Date | null = null;
  #sawError = false;
  #wroteOutside = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#held = new HeldWrites(parts.recorded, () => this.#open.size > this.#held.size, parts.onStuck);
  }

  /** Whether a call was answered with an error since {@link JournaledCalls.forgetErrors}. */
  get sawError(): boolean {
    return this.#sawError;
  }

  get hasWrittenOutside(): boolean {
    return this.#wroteOutside || this.#parts.recorded.unrepeated.size > 0;
  }

  noteError(): void {
    this.#sawError = true;
  }

  forgetErrors(): void {
    this.#sawError = false;
  }

  /** Answers what the script is told; never where the script is not to go on. */
  async make<T>(call: Call<T>): Promise<T> {
    if (this.#parkedUntil) return never();
    const made = this.#answer(call);
    this.#open.add(made);
    const settled = await made.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    this.#open.delete(made);
    this.#held.stirred();
    if ('value' in settled) return settled.value;
    return this.#refuse(settled.error);
  }

  /** Resolves when every call is answered, at the latest after so long. */
  async settled(withinMs: number): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.race([late, this.#allSettled()]);
  }

  stop(): void {
    this.#held.stop();
  }

  async #answer<T>(call: Call<T>): Promise<T> {
    const { recorded, saves, tape } = this.#parts;
    const known = await recorded.take(call.id);
    this.#held.stirred();
    if (call.order === 'outside') this.#wroteOutside = true;
    if (known && isHere(known) && call.recall) return recall(known, call.recall);
    if (call.order === 'outside' && !known) await this.#held.pass(call.what);
    if (call.order !== 'any') await saves.committed();
    const piece = tape.piece();
    const value = await call.make(piece);
    if (!call.isStoredLater) tape.stored(piece);
    return value;
  }

  #refuse(error: unknown): Promise<never> {
    if (error instanceof ParkedAttempt) {
      this.#park(error.until);
      return never();
    }
    if (isAppError(error) && this.#parts.isFatal(error)) {
      this.#parts.onFatal(error);
      return never();
    }
    this.#sawError = true;
    return Promise.reject(error);
  }

  #park(until: Date): void {
    const isFirst = this.#parkedUntil === null;
    if (!this.#parkedUntil || until > this.#parkedUntil) this.#parkedUntil = until;
    if (isFirst) void this.#endParked();
  }

  async #endParked(): Promise<void> {
    await this.settled(quietMs);
    await this.#parts.saves.committed();
    if (this.#parkedUntil) this.#parts.onPark(this.#parkedUntil);
  }

  async #allSettled(): Promise<void> {
    while (this.#open.size > 0) await Promise.allSettled(this.#open);
  }
}

type Here = RecordedCall & { packed: Uint8Array };

function isHere(known: RecordedCall): known is Here {
  return known.state !== 'intent' && known.packed !== null;
}

async function recall<T>({ state, packed }: Here, read: (value: Uint8Array) => T): Promise<T> {
  const value = await unpack(packed);
  if (state === 'failed') throw decodeError(value);
  return read(value);
}

const never = (): Promise<never> => new Promise(() => undefined);
