import type { HostComputation, HostFunctions } from '../protocol.js';
import { parse, stringify } from './intrinsics.js';

/**
 * The one holder of the host's functions. Near the end of the stack a host function throws an error of the
 * host's realm; such an error must never reach a script, so each call turns it into one made here.
 */
export class Host {
  readonly #functions: HostFunctions;

  constructor(functions: HostFunctions) {
    this.#functions = functions;
  }

  send(head: string, body: string | null): void {
    try {
      this.#functions.send(head, body);
    } catch {
      throw failure();
    }
  }

  startTimer(id: number, delayMs: number): void {
    try {
      this.#functions.startTimer(id, delayMs);
    } catch {
      throw failure();
    }
  }

  stopTimer(id: number): void {
    try {
      this.#functions.stopTimer(id);
    } catch {
      throw failure();
    }
  }

  call(id: number, head: string, body: string | null): void {
    try {
      this.#functions.call(id, head, body);
    } catch {
      throw failure();
    }
  }

  clock(): number {
    try {
      return this.#functions.clock();
    } catch {
      throw failure();
    }
  }

  steadyClock(): number {
    try {
      return this.#functions.steadyClock();
    } catch {
      throw failure();
    }
  }

  random(): number {
    try {
      return this.#functions.random();
    } catch {
      throw failure();
    }
  }

  randomBytes(size: number): string {
    try {
      return this.#functions.randomBytes(size);
    } catch {
      throw failure();
    }
  }

  load(name: string): unknown {
    try {
      return this.#functions.load(name);
    } catch {
      throw failure();
    }
  }

  /** Throws a `TypeError` with the host's words where the host refuses. */
  compute<T>(name: HostComputation, args: Record<string, unknown>): T {
    const answer = this.#computeText(name, stringify(args));
    const value: unknown = parse(answer);
    if (typeof value === 'object' && value !== null && 'error' in value) throw new TypeError(String(value.error));
    // The host answers each computation in the form that its one caller here names.
    return value as T;
  }

  #computeText(name: HostComputation, args: string): string {
    try {
      return this.#functions.compute(name, args);
    } catch {
      throw failure();
    }
  }
}

function failure(): Error {
  return new RangeError('The call could not be made: the stack or the memory is exhausted');
}
