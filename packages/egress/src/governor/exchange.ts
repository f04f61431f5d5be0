import type { BudgetState, Demand, Limit, Slice } from 'model';
import { isForgotten, isSteady, type Reading, roomFor, settled, type StatedLimit, waitFor, withReading, withStated } from './limit.js';
import { type Refusal, withRefusal } from './refusals.js';

/** What a process tells of its part of a budget, and what it asks for. */
export type ExchangeRequest = {
  process: string;
  stated: readonly StatedLimit[];
  /** Places given back unused. */
  returned: number;
  /** Places that it keeps, and calls that it sent a moment ago. */
  held: number;
  underWay: number;
  /** Calls that the API has answered since the last time, without refusing them. */
  answered: number;
  /** What answers said; `pending` counts the process's own calls since then. */
  readings: readonly (Reading & { pending: number })[];
  refusals: readonly Refusal[];
  /** In the order of their turns. */
  demands: readonly Demand[];
  /** Places that it would keep ready for calls to come, once everybody who waits has theirs. */
  ahead: Demand | null;
};

/** What a process gets: places per demand, for those to come, and how long the first it did not get takes; each one more `eachMs`. */
export type Exchanged = {
  granted: number[];
  ahead: number;
  blockedUntil: number;
  waitMs: number;
  eachMs: number;
  /** Whether anything bounds the calls at all. */
  limited: boolean;
  /** Whether others should hear of it at once. */
  urgent: boolean;
};

/** A process that is not heard of for so long has lost its places. */
export const leaseMs = 2_000;
/** What a process waits for counts against others as long as it could have come for it. */
const demandMs = 1_000;

export const emptyBudget: BudgetState = { limits: [], blockedUntil: 0, answered: 0, refused: null, slices: {} };

/** One process's turn at a shared budget: pure, so that whoever loses the race for the row does it again on the new state. */
export function exchange(before: BudgetState, request: ExchangeRequest, now: number): { state: BudgetState; result: Exchanged } {
  const learned = learn(withSlicesOf(filled(before, now), request, now), request, now);
  const share = grant(learned, request, now);
  const taken = share.ahead + share.granted.reduce((sum, count) => sum + count, 0);
  // Whoever waits goes at once: only what is kept ready is held.
  const mine: Slice = {
    held: request.held + share.ahead,
    underWay: request.underWay + taken - share.ahead,
    until: now + leaseMs,
    demands: unmet(request.demands, share.granted),
  };
  const state = {
    ...learned,
    limits: learned.limits.map((limit) => ({ ...limit, level: limit.level - taken })),
    slices: { ...learned.slices, [request.process]: mine },
  };
  const isNew = before.limits.length === 0 && state.limits.length > 0;
  const urgent = isNew || state.blockedUntil > Math.max(now, before.blockedUntil);
  return { state, result: { ...share, blockedUntil: state.blockedUntil, limited: state.limits.length > 0 || state.blockedUntil > now, urgent } };
}

/** As it is now. What processes held all the while has left no room for more, whatever they have done with it since. */
function filled(state: BudgetState, now: number): BudgetState {
  const held = heldIn(state.slices);
  return { ...state, limits: state.limits.map((limit) => settled(limit, now, held)) };
}

const heldIn = (slices: BudgetState['slices']): number => Object.values(slices).reduce((sum, { held }) => sum + held, 0);

/** The slices of those that are still there, without this one's, and the places it gave back. */
function withSlicesOf(state: BudgetState, { process, returned, answered }: ExchangeRequest, now: number): BudgetState {
  const living = Object.entries(state.slices).filter(([name, { until }]) => name !== process && until > now);
  const limits = state.limits.map((limit) => ({ ...limit, level: Math.min(limit.capacity, limit.level + returned) }));
  return { ...state, limits, answered: state.answered + answered, slices: Object.fromEntries(living) };
}

function learn(before: BudgetState, { stated, readings, refusals, held }: ExchangeRequest, now: number): BudgetState {
  const others = Object.values(before.slices);
  const pendingOfOthers = others.reduce((sum, slice) => sum + slice.held + slice.underWay, 0);
  let limits = withStated(before.limits, stated, now);
  for (const reading of readings) {
    const known = limits.find(({ source, name }) => source === 'headers' && name === reading.name);
    const pending = reading.pending + pendingOfOthers;
    limits = [...limits.filter((limit) => limit !== known), withReading(known, reading, { answered: before.answered, pending })];
  }
  const state = refusals.reduce(withRefusal, { ...before, limits });
  const heldByAll = held + heldIn(before.slices);
  return { ...state, limits: state.limits.filter((limit) => !isForgotten(limit, state.answered, now)).map((limit) => settled(limit, now, heldByAll)) };
}

type Share = Pick<Exchanged, 'granted' | 'ahead' | 'waitMs' | 'eachMs'>;

/** Places in the order of turns, over all processes; what others wait for is left to them. */
function grant({ limits, slices, blockedUntil }: BudgetState, { demands, ahead }: ExchangeRequest, now: number): Share {
  const granted = demands.map(() => 0);
  const left = limits.map(({ level }) => level);
  const eachMs = Math.max(0, ...limits.map((limit) => (isSteady(limit) ? 1_000 / limit.perSecond : 0)));
  let waitMs: number | undefined;
  if (blockedUntil > now) return { granted, ahead: 0, waitMs: blockedUntil - now, eachMs };
  for (const { demand, index } of inTurn(demands, slices, now)) {
    const count = take(limits, left, demand, now);
    if (index !== null) granted[index] = count;
    if (index !== null && count < demand.count) waitMs ??= Math.max(0, ...limits.map((limit, at) => waitFor(limit, left[at] ?? 0, demand, now)));
    // What is not there yet for those before is not there for those behind.
    if (count < demand.count && demand.turn <= now) left.forEach((level, at) => (left[at] = level - (demand.count - count)));
  }
  return { granted, ahead: ahead ? take(limits, left, ahead, now) : 0, waitMs: waitMs ?? 0, eachMs };
}

/** Everybody's demands by their turn; `index` says which are the asking process's own. */
function inTurn(demands: readonly Demand[], slices: BudgetState['slices'], now: number): { demand: Demand; index: number | null }[] {
  const fresh = Object.values(slices).filter(({ until }) => until - leaseMs > now - demandMs);
  const ofOthers = fresh.flatMap((slice) => slice.demands.map((demand) => ({ demand, index: null })));
  return [...ofOthers, ...demands.map((demand, index) => ({ demand, index }))].toSorted((a, b) => a.demand.turn - b.demand.turn);
}

function take(limits: readonly Limit[], left: number[], demand: Demand, now: number): number {
  const room = Math.min(...limits.map((limit, at) => roomFor(limit, left[at] ?? 0, demand, now)));
  const count = Math.min(demand.count, room);
  left.forEach((level, at) => (left[at] = level - count));
  return count;
}

function unmet(demands: readonly Demand[], granted: readonly number[]): Demand[] {
  return demands.flatMap((demand, at) => {
    const count = demand.count - (granted[at] ?? 0);
    return count > 0 ? [{ ...demand, count }] : [];
  });
}
