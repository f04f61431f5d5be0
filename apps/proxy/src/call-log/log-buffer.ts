/** What is waiting to be written, up to a bound; beyond it what comes is dropped and counted. */
export class LogBuffer<T> {
  private waiting: T[] = [];
  private lost = 0;

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.waiting.length;
  }

  add(entry: T): void {
    if (this.waiting.length < this.limit) this.waiting.push(entry);
    else this.lost++;
  }

  /** The oldest ones, taken out. */
  take(most: number): T[] {
    return this.waiting.splice(0, most);
  }

  /** Puts back what could not be written, before all that came meanwhile; what has no room is dropped. */
  putBack(entries: readonly T[]): void {
    const room = Math.max(0, this.limit - this.waiting.length);
    this.lost += Math.max(0, entries.length - room);
    this.waiting = [...entries.slice(0, room), ...this.waiting];
  }

  /** How many were dropped since this was asked last. */
  takeLost(): number {
    const { lost } = this;
    this.lost = 0;
    return lost;
  }
}
