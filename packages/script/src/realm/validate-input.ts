import { ActionError } from './error/nango-error.js';
import type { Log } from './log.js';

type Issue = { path?: unknown[]; message?: string; code?: string };
type ZodResult = { success: true; data: unknown } | { success: false; error: { issues?: Issue[]; errors?: Issue[] } };

/** A schema of any zod version; only `safeParse` is asked of it. */
export type Validation = { zodSchema: { safeParse(input: unknown): ZodResult }; input: unknown };

/** @returns zod's own result: `{ success: true, data }`. */
export function validateInput({ zodSchema, input }: Validation, log: Log): ZodResult {
  const result = zodSchema.safeParse(input);
  if (result.success) return result;
  const issues = result.error.issues ?? result.error.errors ?? [];
  for (const issue of issues) log.line('error', `Invalid input provided: ${issue.message ?? 'unknown problem'} at path ${(issue.path ?? []).join('.')}`);
  throw new ActionError({ message: 'Invalid input provided', errors: issues.map(({ path, message, code }) => ({ path, message, code })) });
}
