import { z } from 'zod';

/** Who goes first where an API takes only so many calls: whoever somebody waits for, webhooks, syncs of what changed, first and full syncs. */
export const Priority = z.enum(['interactive', 'webhook', 'incremental', 'backfill']);
export type Priority = z.infer<typeof Priority>;

export const priorities = Priority.options;

/** Whose word a limit is: the team's, the catalogue's, the API's own headers', or what its refusals (429) let conclude. */
export const LimitSource = z.enum(['setting', 'catalogue', 'headers', 'refusals']);
export type LimitSource = z.infer<typeof LimitSource>;

/**
 * One limit of a budget. Times are the database's, in milliseconds. `level` counts the places left at `at`, those handed out
 * taken off; it grows by `perSecond`, or where that is 0 comes back whole at `resetsAt`.
 */
export const Limit = z.object({
  name: z.string(),
  source: LimitSource,
  capacity: z.number(),
  perSecond: z.number(),
  level: z.number(),
  at: z.number(),
  resetsAt: z.number().nullable(),
  windowMs: z.number().nullable(),
  /** When the calls were sent whose answer said so last, and when, with what left, the measuring of a steady refill began. */
  readAt: z.number().optional(),
  /** How many calls the API had answered by then. */
  readAnswered: z.number().optional(),
  since: z.object({ at: z.number(), remaining: z.number(), answered: z.number(), resetsAt: z.number().nullable() }).optional(),
  /** Once taken for one that fills steadily, and refused: it is not measured again. */
  stepwise: z.boolean().optional(),
  /** Of a limit concluded from refusals: its rate at that moment, from which it is raised slowly. */
  concluded: z.object({ at: z.number(), perSecond: z.number() }).optional(),
});
export type Limit = z.infer<typeof Limit>;

/** Places that calls wait for. They go by `turn`: when the first of them came, put off by their priority. */
export const Demand = z.object({ priority: Priority, count: z.int(), turn: z.number() });
export type Demand = z.infer<typeof Demand>;

/** A process's part of a budget: places it holds, calls it has under way, and what it waits for; it lapses at `until`. */
export const Slice = z.object({ held: z.number(), underWay: z.number(), until: z.number(), demands: z.array(Demand) });
export type Slice = z.infer<typeof Slice>;

/** The last time that the API refused a call because there were too many: when, until when it asked to wait, and how many it had answered by then. */
export const Refused = z.object({ at: z.number(), until: z.number(), answered: z.number(), pauseMs: z.number() });
export type Refused = z.infer<typeof Refused>;

/** A rate budget as all processes share it. */
export const BudgetState = z.object({
  limits: z.array(Limit),
  /** Nothing goes out before then. */
  blockedUntil: z.number(),
  answered: z.number(),
  refused: Refused.nullable(),
  slices: z.record(z.string(), Slice),
});
export type BudgetState = z.infer<typeof BudgetState>;

/** What an API counts together: the calls of one connection, or of all connections of an integration, which is one OAuth app. */
export const BudgetScope = z.enum(['connection', 'integration']);
export type BudgetScope = z.infer<typeof BudgetScope>;
