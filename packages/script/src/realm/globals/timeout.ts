/** What `setTimeout` and its siblings answer, as in Node: an object that is also a number. */
export class Timeout {
  readonly #id: number;
  readonly #control: { begin: () => void; stop: () => void };
  #hasRef = true;

  constructor(id: number, control: { begin: () => void; stop: () => void }) {
    this.#id = id;
    this.#control = control;
  }

  /** Changes what {@link hasRef} says and nothing else: a run ends with its result, whatever timers are left. */
  ref(): this {
    this.#hasRef = true;
    return this;
  }

  unref(): this {
    this.#hasRef = false;
    return this;
  }

  hasRef(): boolean {
    return this.#hasRef;
  }

  /** Begins anew to wait. */
  refresh(): this {
    this.#control.begin();
    return this;
  }

  close(): this {
    this.#control.stop();
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#id;
  }

  [Symbol.dispose](): void {
    this.#control.stop();
  }
}
