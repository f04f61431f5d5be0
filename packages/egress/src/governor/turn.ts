import type { Demand, Priority } from 'model';

/** How long a call lets later ones of a higher priority go before it. This is also what keeps the lowest from starving. */
const deferMs: Record<Priority, number> = { interactive: 0, webhook: 2_000, incremental: 4_000, backfill: 8_000 };

/** The share of a limit that a priority leaves to those above it. */
const reserveShare: Record<Priority, number> = { interactive: 0, webhook: 0.1, incremental: 0.2, backfill: 0.3 };

/** The place in the order of waiting of a call that came at `at`: the smallest goes first. */
export const turnOf = (priority: Priority, at: number): number => at + deferMs[priority];

/** What a demand leaves to those above it, as a share; nothing once its turn has come, however many of them there are. */
export const reserveFor = ({ priority, turn }: Demand, now: number): number => (now >= turn ? 0 : reserveShare[priority]);
