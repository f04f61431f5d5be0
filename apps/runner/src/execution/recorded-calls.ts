import type { JournalItem } from 'journal';

/** Reads the entries after a sequence number; none at the end. */
export type LoadPage = (after: number) => Promise<JournalItem[]>;

/** A recorded call. Without a result it is to be asked for where it was recorded: it was not known yet, or memory was short. */
export type RecordedCall = Pick<JournalItem, 'call' | 'state' | 'outside'> & { packed: Uint8Array | null };

/** Results that are held before anybody has asked for them. A script asks roughly in the order in which they were recorded. */
const maxHeldBytes = 64_000_000;

/** What earlier attempts have called, page by page, each call handed out once. */
export class RecordedCalls {
  readonly #load: LoadPage;
  readonly #known = new Map<string, RecordedCall>();
  readonly #outside = new Set<string>();
  #heldBytes = 0;
  #after = 0;
  #ended = false;
  #loading: Promise<void> | null = null;

  constructor(load: LoadPage) {
    this.#load = load;
  }

  /** Of a first attempt. */
  static none(): RecordedCalls {
    return new RecordedCalls(() => Promise.resolve([]));
  }

  /** The recorded call of that id, which counts as repeated then. */
  async take(call: string): Promise<RecordedCall | undefined> {
    for (;;) {
      const found = this.#known.get(call);
      if (found) return this.#consume(found);
      if (this.#ended) return undefined;
      await (this.#loading ??= this.#next().finally(() => (this.#loading = null)));
    }
  }

  /** Writes to the outside that were recorded and are not repeated yet. Complete once a call was not found. */
  get unrepeated(): ReadonlySet<string> {
    return this.#outside;
  }

  #consume(found: RecordedCall): RecordedCall {
    this.#known.delete(found.call);
    this.#outside.delete(found.call);
    this.#heldBytes -= found.packed?.byteLength ?? 0;
    return found;
  }

  async #next(): Promise<void> {
    const items = await this.#load(this.#after);
    this.#ended = items.length === 0;
    this.#after = items.at(-1)?.seq ?? this.#after;
    for (const { call, state, outside, packed } of items) {
      const isHeld = packed.byteLength > 0 && this.#heldBytes + packed.byteLength <= maxHeldBytes;
      this.#known.set(call, { call, state, outside, packed: isHeld ? packed : null });
      if (outside) this.#outside.add(call);
      if (isHeld) this.#heldBytes += packed.byteLength;
    }
  }
}
