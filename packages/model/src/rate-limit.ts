import { z } from 'zod';
import { BudgetScope, LimitSource, Priority } from './internal/rate-budget.js';

/** How many calls a team lets through: `requests` in `per_seconds`, of which `burst` may come at once (a tenth unless told). */
export const RateLimitSetting = z.strictObject({
  requests: z.int().min(1).max(10_000_000),
  per_seconds: z.int().min(1).max(2_678_400),
  burst: z.int().min(1).max(1_000_000).optional(),
});
export type RateLimitSetting = z.infer<typeof RateLimitSetting>;

/** An integration's setting: for each of its connections, or for all of them together. */
export const IntegrationRateLimit = RateLimitSetting.extend({ counts: BudgetScope.default('connection') });
export type IntegrationRateLimit = z.infer<typeof IntegrationRateLimit>;

/** One limit as it stands. `remaining` is what may still go out now; without `resets_at` it grows steadily. */
export const RateLimitState = z.object({
  name: z.string(),
  learned_from: LimitSource,
  limit: z.number(),
  remaining: z.number(),
  resets_at: z.iso.datetime().nullable(),
  requests_per_second: z.number().nullable(),
});
export type RateLimitState = z.infer<typeof RateLimitState>;

/** A budget as it stands: what is counted together, who waits, and until when the API wants no call at all. */
export const RateBudget = z.object({
  counts: BudgetScope,
  limits: z.array(RateLimitState),
  waiting: z.partialRecord(Priority, z.int()),
  blocked_until: z.iso.datetime().nullable(),
  updated_at: z.iso.datetime(),
});
export type RateBudget = z.infer<typeof RateBudget>;

/** `GET /connections/{id}/rate-limit`: what the team has set, for this connection or its integration, and what is known. */
export const ConnectionRateLimit = z.object({
  setting: RateLimitSetting.nullable(),
  integration_setting: IntegrationRateLimit.nullable(),
  budgets: z.array(RateBudget),
});
export type ConnectionRateLimit = z.infer<typeof ConnectionRateLimit>;
