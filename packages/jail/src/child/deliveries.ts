import type { Delivery, Tape } from './tape/tape.js';

/** Something that may reach the script now. `answer` tells the realm the answer of a call; a timer needs none. */
type Due = Delivery & { answer?: () => void };

type Options = { tape: Tape; fire: (timerId: number) => void; enter: (step: () => void) => void };

/**
 * Hands answers and timers to the realm, each in a turn of the event loop of its own, with everything that the one
 * before has set off done: else what a script does next would depend on how many came at once. While the tape replays,
 * its order counts: timers do not wait, and an answer that comes early does.
 */
export class Deliveries {
  readonly #tape: Tape;
  readonly #fire: Options['fire'];
  readonly #enter: Options['enter'];
  /** What has come, in this order; counts when the tape does not. */
  readonly #queue: Due[] = [];
  /** Calls made and not answered to the script. */
  readonly #open = new Set<number>();
  /** Answers that came while the tape replays, by call. */
  readonly #held = new Map<number, () => void>();
  /** Null while the tape replays: such a timer does not run. */
  readonly #timers = new Map<number, { delayMs: number; running: NodeJS.Timeout | null }>();
  #isLive: boolean;
  #isOver = false;

  constructor({ tape, fire, enter }: Options) {
    this.#tape = tape;
    this.#fire = fire;
    this.#enter = enter;
    this.#isLive = !tape.isReplaying;
  }

  /** Nothing more can reach the script; told by what is kept here, which no script can bend. */
  get isAtRest(): boolean {
    return this.#timers.size === 0 && this.#open.size === 0 && this.#queue.length === 0;
  }

  called(id: number): void {
    this.#open.add(id);
  }

  answered(id: number, answer: () => void): void {
    if (this.#tape.isReplaying) this.#hold(id, answer);
    else this.#enqueue({ kind: 'R', id, answer });
  }

  startTimer(id: number, delayMs: number): void {
    if (this.#isOver) return;
    this.#timers.set(id, { delayMs, running: this.#isLive ? this.#run(id, delayMs) : null });
  }

  stopTimer(id: number): void {
    clearTimeout(this.#timers.get(id)?.running ?? undefined);
    this.#timers.delete(id);
  }

  /** From here on nothing is handed over, whatever comes. */
  end(): void {
    this.#isOver = true;
    for (const id of this.#timers.keys()) this.stopTimer(id);
  }

  /** Takes one delivery's turn. While the tape replays one is due after each that was made, and whenever an answer has come. */
  schedule(): void {
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    if (this.#isOver) return;
    const due = this.#next();
    // A timer that was stopped after its time had come.
    if (!due || (due.kind === 'T' && !this.#timers.has(due.id))) return;
    this.#tape.delivered(due);
    if (due.kind === 'R') this.#open.delete(due.id);
    else this.#timers.delete(due.id);
    // One place for both ways, so that a script's stack traces are the same in a replay.
    this.#enter(() => (due.answer ? due.answer() : this.#fire(due.id)));
    if (this.#tape.isReplaying) this.schedule();
  }

  #next(): Due | null {
    const replayed = this.#tape.isReplaying ? this.#replayed() : null;
    if (replayed || this.#tape.isReplaying) return replayed;
    if (!this.#isLive) this.#goLive();
    return this.#queue.shift() ?? null;
  }

  /** The script is at rest: it has read all it reads before the next delivery. */
  #replayed(): Due | null {
    const due = this.#tape.expected();
    if (due?.kind === 'T' && this.#timers.has(due.id)) return due;
    const answer = due?.kind === 'R' ? this.#held.get(due.id) : undefined;
    if (due && answer) {
      this.#held.delete(due.id);
      return { ...due, answer };
    }
    const isOnItsWay = due?.kind === 'R' && this.#open.has(due.id);
    if (!isOnItsWay && this.#tape.isReplaying) this.#tape.diverge('came to rest without it');
    return null;
  }

  /** At the tape's end: answers in the order in which they came, before those that come now; timers from now. */
  #goLive(): void {
    this.#isLive = true;
    const held = [...this.#held].map(([id, answer]): Due => ({ kind: 'R', id, answer }));
    this.#held.clear();
    this.#queue.unshift(...held);
    for (let n = 0; n < held.length; n++) this.schedule();
    for (const [id, timer] of this.#timers) timer.running ??= this.#run(id, timer.delayMs);
  }

  #hold(id: number, answer: () => void): void {
    this.#held.set(id, answer);
    this.schedule();
  }

  #run(id: number, delayMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#enqueue({ kind: 'T', id }), delayMs);
  }

  #enqueue(due: Due): void {
    this.#queue.push(due);
    this.schedule();
  }
}
