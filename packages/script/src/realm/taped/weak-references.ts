import { define } from './date.js';

/**
 * When the garbage collector comes is no matter of the script: a weak reference that it could watch would make each
 * run of a script its own. These hold on to what they refer to, and never call back.
 */
export function holdWeakReferences(): void {
  define(globalThis, { WeakRef: HeldReference, FinalizationRegistry: IdleRegistry });
  for (const [name, kind] of Object.entries({ WeakRef: HeldReference, FinalizationRegistry: IdleRegistry })) {
    define(kind, { name });
    Object.defineProperty(kind.prototype, Symbol.toStringTag, { value: name, configurable: true });
  }
}

class HeldReference {
  readonly #target: unknown;

  constructor(target: unknown) {
    if (!isHeldByReference(target)) throw new TypeError('WeakRef: the target must be an object or a symbol');
    this.#target = target;
  }

  deref(): unknown {
    return this.#target;
  }
}

class IdleRegistry {
  constructor(cleanup: unknown) {
    if (typeof cleanup !== 'function') throw new TypeError('FinalizationRegistry: the cleanup must be a function');
  }

  register(): void {
    // Nothing is ever seen to be collected.
  }

  unregister(): boolean {
    return false;
  }
}

function isHeldByReference(target: unknown): boolean {
  return typeof target === 'symbol' || typeof target === 'function' || (typeof target === 'object' && target !== null);
}
