/** Stands for a function that scripts do not have, and says so when it is called. */
export function unavailableFunction(name: string, instead: string): (...args: unknown[]) => never {
  return function unavailable(): never {
    throw new TypeError(`${name} is not available in scripts; ${instead}`);
  };
}
