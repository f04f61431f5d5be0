import { randomHex } from '../crypto-computations.js';
import { Random } from './random.js';
import { type EntryKind, TapeReader, TapeWriter } from './tape-text.js';

/** Characters of a tape; what a script reads beyond is not recorded. */
export const maxTapeLength = 32 * 1024 * 1024;

/** What reaches the script next: the answer of the call of that id, or that timer. */
export type Delivery = { kind: 'R' | 'T'; id: number };

type Options = {
  recorded: string;
  maxLength?: number;
  /** Takes what was recorded when much of it has come together between two calls. */
  spill: (text: string) => void;
  /** The end of what was recorded is reached; or the script does something else than it did, described here. */
  wentLive: (divergence: string | null) => void;
};

/**
 * Everything by which one run of a script could differ from the next, in the order in which it reached the script. What
 * was recorded is read first; from its end on values come from the machine and are recorded. Kept outside of the realm.
 */
export class Tape {
  readonly #reader: TapeReader;
  readonly #writer: TapeWriter;
  readonly #wentLive: Options['wentLive'];
  #replaying: boolean;
  #clock = 0;
  #steadyClock = 0;
  /** Added to the process's clock so that the steady one goes on where it stood. */
  #steadyOffset = -ticks();
  #random: Random | null = null;
  #lastAnswer = 0;

  constructor({ recorded, maxLength = maxTapeLength, spill, wentLive }: Options) {
    this.#reader = new TapeReader(recorded);
    this.#writer = new TapeWriter({ maxLength, length: recorded.length, spill });
    this.#wentLive = wentLive;
    this.#replaying = recorded !== '' && this.#reader.kind !== null;
  }

  get isReplaying(): boolean {
    return this.#replaying;
  }

  get isFull(): boolean {
    return this.#writer.isFull;
  }

  /** What was recorded since the last time. */
  take(): string {
    return this.#writer.take();
  }

  /** Milliseconds since 1970. */
  clock(): number {
    const recorded = this.#read('C');
    const now = recorded === null ? Date.now() : this.#clock + fromText(recorded);
    if (recorded === null) this.#writer.add(`C${toText(now - this.#clock)}`);
    return (this.#clock = now);
  }

  /** Milliseconds since the run began, in tenths. */
  steadyClock(): number {
    const recorded = this.#read('P');
    const now = recorded === null ? Math.max(ticks() + this.#steadyOffset, this.#steadyClock) : this.#steadyClock + fromText(recorded);
    if (recorded === null) this.#writer.add(`P${toText(now - this.#steadyClock)}`);
    this.#steadyClock = now;
    return now / ticksPerMs;
  }

  /** One seed stands for all random numbers that follow it. */
  random(): number {
    const seed = this.#replaying && this.#reader.kind === 'S' ? this.#reader.take() : null;
    if (seed !== null) this.#random = new Random(seed);
    const recorded = this.#read('M');
    if (recorded === null && this.#random === null) {
      const fresh = randomHex(16);
      this.#writer.add(`S${fresh}`);
      this.#random = new Random(fresh);
    }
    if (recorded === null) this.#writer.add('M');
    // A tape that has an `M` has an `S` before it.
    return this.#random?.next() ?? 0;
  }

  randomBytes(size: number): string {
    const isThat = (hex: string): boolean => hex.length === 2 * size;
    const recorded = this.#read('B', isThat);
    if (recorded !== null) return recorded;
    const hex = randomHex(size);
    this.#writer.add(`B${hex}`);
    return hex;
  }

  /** The result of a computation that uses randomness. */
  computed(compute: () => string): string {
    const recorded = this.#read('K');
    if (recorded !== null) return Buffer.from(recorded, 'hex').toString('utf8');
    const result = compute();
    this.#writer.add(`K${Buffer.from(result, 'utf8').toString('hex')}`);
    return result;
  }

  /** What reached the script next in the run that was recorded; null when it read something first. At the end of the tape goes live. */
  expected(): Delivery | null {
    const { kind, payload } = this.#reader;
    if (kind === null) this.#goLive(null);
    if (kind === 'R') return { kind, id: this.#lastAnswer + 1 + fromText(payload) };
    return kind === 'T' ? { kind, id: fromText(payload) } : null;
  }

  /** Before each delivery: reads it off the tape, or writes it there. */
  delivered({ kind, id }: Delivery): void {
    if (this.#replaying) this.#reader.take();
    else this.#writer.add(kind === 'R' ? `R${toText(id - this.#lastAnswer - 1)}` : `T${toText(id)}`);
    if (kind === 'R') this.#lastAnswer = id;
  }

  /** The rest of what was recorded does not count any more. */
  diverge(found: string): void {
    this.#goLive(`Entry ${this.#reader.taken + 1} of the tape is ${names[this.#reader.kind ?? '?'] ?? 'unreadable'}${this.#idNext()}, but the script ${found}`);
  }

  /** As {@link diverge}, when it is no fault of the script. */
  drop(): void {
    if (!this.#replaying) return;
    this.#forget();
    this.#goLive(null);
  }

  /** The next entry where it is of that kind; null when the value comes from the machine. */
  #read(kind: EntryKind, isThat: (payload: string) => boolean = anything): string | null {
    if (!this.#replaying) return null;
    if (this.#reader.kind === kind && isThat(this.#reader.payload)) return this.#reader.take();
    if (this.#reader.kind === null) this.#goLive(null);
    else this.diverge(`asks for ${names[kind]}`);
    return null;
  }

  /** In this order: near the end of the stack the first part may fail, and then it is tried again with the next reading. */
  #goLive(divergence: string | null): void {
    this.#wentLive(divergence);
    if (divergence !== null) this.#forget();
    this.#replaying = false;
    this.#steadyOffset = this.#steadyClock - ticks();
  }

  /** Randomness that a recorded call may have used must not come up again in another one. */
  #forget(): void {
    this.#writer.cut(this.#reader.taken);
    this.#random = null;
  }

  #idNext(): string {
    const next = this.#reader.kind === 'R' || this.#reader.kind === 'T' ? this.expected() : null;
    return next ? ` ${next.id}` : '';
  }
}

const names: Record<string, string> = {
  C: 'a reading of the clock',
  P: 'a reading of the steady clock',
  S: 'a random number',
  M: 'a random number',
  B: 'random bytes',
  K: 'a signature or the like',
  R: 'the answer of call',
  T: 'timer',
};

const anything = (): boolean => true;
const ticksPerMs = 10;

function ticks(): number {
  return Math.floor(performance.now() * ticksPerMs);
}

/** Zero is no text at all. */
function toText(value: number): string {
  return value === 0 ? '' : value.toString(36);
}

function fromText(text: string): number {
  return text === '' ? 0 : parseInt(text, 36);
}
