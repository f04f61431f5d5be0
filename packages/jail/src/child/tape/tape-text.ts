/**
 * The text of a tape: entries one after the other, each a capital letter for its kind, what it says in lower case, and
 * `*n` when it stands there n times (numbers are in base 36). A clock that does not move or answers in the order of
 * their calls thus cost a few characters, however many.
 *
 * `C` clock and `P` steady clock: difference to the one before · `S` seed of what follows · `M` a random number ·
 * `B` random bytes · `K` a computation that is random, both in hex · `R` the answer of a call: its id, less the one
 * expected next · `T` a timer's id · `X` only so many of the entries before count: a run has gone its own way there.
 */
export type EntryKind = 'C' | 'P' | 'S' | 'M' | 'B' | 'K' | 'R' | 'T';

const entry = /([A-Z])([-0-9a-z]*)(?:\*([0-9a-z]+))?/y;
const cutMark = /X([0-9a-z]+)/;

/** Reads entry by entry. `kind` is the next one's, null at the end, `?` for what is no tape. */
export class TapeReader {
  readonly #text: string;
  #at = 0;
  #left = 0;
  #payload = '';
  #kind: string | null = null;
  #taken = 0;

  constructor(text: string) {
    this.#text = withoutCuts(text);
    this.#load();
  }

  get kind(): string | null {
    return this.#kind;
  }

  get payload(): string {
    return this.#payload;
  }

  /** Entries read so far. */
  get taken(): number {
    return this.#taken;
  }

  take(): string {
    const payload = this.#payload;
    this.#taken++;
    if (--this.#left === 0) this.#load();
    return payload;
  }

  #load(): void {
    const isAtEnd = this.#at >= this.#text.length;
    entry.lastIndex = this.#at;
    const found = isAtEnd ? null : entry.exec(this.#text);
    this.#at = entry.lastIndex;
    this.#kind = isAtEnd ? null : (found?.[1] ?? '?');
    this.#payload = found?.[2] ?? '';
    this.#left = parseInt(found?.[3] ?? '1', 36);
  }
}

/** Collects entries as text, up to so many characters; what comes beyond is not recorded. */
export class TapeWriter {
  readonly #maxLength: number;
  readonly #spill: (text: string) => void;
  #length: number;
  #entry = '';
  #count = 0;
  #text = '';
  #full = false;

  /** `length` characters are stored already. `spill` takes text when much of it has come together. */
  constructor({ maxLength, length, spill }: { maxLength: number; length: number; spill: (text: string) => void }) {
    this.#maxLength = maxLength;
    this.#length = length;
    this.#spill = spill;
  }

  get isFull(): boolean {
    return this.#full;
  }

  add(text: string): void {
    if (text === this.#entry) {
      this.#count++;
      return;
    }
    this.#close();
    this.#entry = text;
    this.#count = 1;
  }

  /** Only so many entries of what is stored count from here on. */
  cut(entries: number): void {
    this.#close();
    this.#text += `X${entries.toString(36)}`;
  }

  /** What has come since the last time. */
  take(): string {
    this.#close();
    const text = this.#text;
    this.#text = '';
    return text;
  }

  #close(): void {
    const text = this.#count > 1 ? `${this.#entry}*${this.#count.toString(36)}` : this.#entry;
    this.#entry = '';
    this.#count = 0;
    if (text === '' || this.#full) return;
    this.#length += text.length;
    this.#full = this.#length > this.#maxLength;
    if (this.#full) return;
    this.#text += text;
    if (this.#text.length < spillLength) return;
    const whole = this.#text;
    this.#text = '';
    this.#spill(whole);
  }
}

const spillLength = 1_000_000;

/** The tape as it counts. */
function withoutCuts(text: string): string {
  let result = text;
  for (let mark = cutMark.exec(result); mark; mark = cutMark.exec(result))
    result = firstEntries(result.slice(0, mark.index), parseInt(mark[1] ?? '0', 36)) + result.slice(mark.index + mark[0].length);
  return result;
}

function firstEntries(text: string, count: number): string {
  let left = count;
  entry.lastIndex = 0;
  for (let at = 0; left > 0; at = entry.lastIndex) {
    const found = entry.exec(text);
    if (!found) return text.slice(0, at);
    const times = parseInt(found[3] ?? '1', 36);
    if (times > left) return `${text.slice(0, at)}${found[1]}${found[2]}*${left.toString(36)}`;
    left -= times;
    if (left === 0) return text.slice(0, entry.lastIndex);
  }
  return '';
}
