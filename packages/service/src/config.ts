import { z } from 'zod';

/** The process was started with settings it cannot run with. The message names the variables, never their values. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Variables that every service reads; extend it with the service's own. */
export const serviceEnvironment = z.object({
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  NODE_ENV: z.string().default('development'),
  /** What service tokens are derived from. */
  NANGO_INTERNAL_KEY: z.string().min(16),
});

/** Variables of services that open what is encrypted; which of them suffice is for the key provider to say. */
export const encryptionEnvironment = {
  NANGO_ENCRYPTION_KEY: z.string().optional(),
  NANGO_ENCRYPTION_KEYS_PREVIOUS: z.string().optional(),
  NANGO_ENCRYPTION_KEY_FILE: z.string().optional(),
  NANGO_KMS_KEY_ARN: z.string().optional(),
  NANGO_KMS_ENDPOINT: z.url().optional(),
};

/** A TCP port in an environment variable; 0 asks for a free one. */
export const port = z.coerce.number().int().min(0).max(65_535);

/**
 * Reads the environment through a schema. A variable that is set but empty counts as unset.
 * @throws ConfigurationError naming every variable that is wrong, in one line
 */
export function loadConfig<T extends z.ZodType>(schema: T, env: NodeJS.ProcessEnv = process.env): z.infer<T> {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${problem(issue)}`);
  throw new ConfigurationError(`bad configuration: ${problems.join('; ')}`);
}

// zod's own text may quote what was received, and that may be a key.
function problem(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is required';
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return `is too short or too small (at least ${issue.minimum})`;
  if (issue.code === 'custom') return issue.message;
  return 'is not valid';
}
