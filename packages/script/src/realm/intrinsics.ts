/** Taken before any script runs, so that a script that replaces them harms only itself. */
export const stringify = JSON.stringify;
export const parse = JSON.parse;
export const { apply, construct } = Reflect;
export const Bytes = Uint8Array;
/** The machine's clock, for the time of log lines alone: what a script sees of the time comes from its tape. */
export const machineClock = Date.now;

function ignore(): void {
  // A setter that keeps nothing.
}

/** Closes what a fresh context leaves open. Runs before everything else in the realm. */
export function lockDown(): void {
  // A script's own `prepareStackTrace` would be handed frames of the host. Reads as unset, and setting it does nothing.
  Object.defineProperty(Error, 'prepareStackTrace', { get: () => undefined, set: ignore, configurable: false });
  Object.defineProperty(globalThis, 'Error', { value: Error, writable: false, configurable: false, enumerable: false });
  // Both wake a realm up without a call or a timer that the host knows of.
  Reflect.deleteProperty(Atomics, 'waitAsync');
  Reflect.deleteProperty(globalThis, 'WebAssembly');
}
