const hidden = '[redacted]';
const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A value that never prints: in logs, JSON, string templates and the debugger it reads `[redacted]`.
 * Call {@link Secret.reveal} only where the plain value leaves for its destination.
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect](): string {
    return hidden;
  }
}
