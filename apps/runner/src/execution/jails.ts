/** Injection token of the runner's `JailPool`. */
export const JAILS = Symbol('JailPool');
