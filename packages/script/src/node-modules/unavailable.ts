/**
 * Stands for a module that scripts cannot have. It may be imported, taken apart and extended; only who calls something of it
 * is refused, with the reason.
 */
export function unavailable(name: string, why: string): unknown {
  const refuse = (): never => {
    throw new Error(`${name} is not available in scripts: ${why}`);
  };
  class Unavailable {
    constructor() {
      refuse();
    }
  }
  const stand: unknown = new Proxy(Unavailable, {
    apply: refuse,
    construct: refuse,
    get: (target, key) => {
      if (key === 'prototype') return target.prototype;
      // Compiled code takes a copy of what is no module of the language, and a copy would know nothing.
      if (key === '__esModule') return true;
      if (key === 'default') return stand;
      if (typeof key === 'symbol' || key === 'then') return undefined;
      return unavailable(`${name}.${key}`, why);
    },
  });
  return stand;
}
