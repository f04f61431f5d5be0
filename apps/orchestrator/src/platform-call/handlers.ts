import type { CallSite } from 'journal/postgres';
import type { PlatformAnswer, PlatformArgs, PlatformMethod } from 'model';

/** Performs one method. What it throws rolls everything back and reaches the script; it is asked once for each call. */
export type PlatformHandler<M extends PlatformMethod> = (site: CallSite, args: PlatformArgs<M>) => Promise<PlatformAnswer<M>>;

/** A handler for every method. */
export type PlatformHandlers = { [M in PlatformMethod]: PlatformHandler<M> };

/** Injection token of {@link PlatformHandlers}. */
export const HANDLERS = Symbol('PlatformHandlers');
