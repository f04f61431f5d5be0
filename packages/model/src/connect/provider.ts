import { z } from 'zod';
import { AuthMode } from '../credentials.js';
import { Integration } from '../integration.js';

/** A value that the end user is asked for; of the catalogue's field what a form needs. */
export const ConnectField = z.object({
  title: z.string(),
  description: z.string().optional(),
  example: z.string().optional(),
  pattern: z.string().optional(),
  format: z.enum(['hostname', 'uri', 'uuid', 'email']).optional(),
  prefix: z.string().optional(),
  suffix: z.string().optional(),
  order: z.int().optional(),
  optional: z.boolean().optional(),
  automated: z.boolean().optional(),
  default_value: z.string().optional(),
  hidden: z.boolean().optional(),
  secret: z.boolean().optional(),
  enum: z.array(z.string()).optional(),
  /** The part of the provider's `docs_connect` page that tells where the value is found: the address's fragment. */
  doc_section: z.string().optional(),
  /** A long value over several lines, such as a key as PEM. */
  multiline: z.boolean().optional(),
  /** Shown and asked for only where another field has this value. */
  visible_when: z.object({ field: z.string(), equals: z.union([z.string(), z.array(z.string())]) }).optional(),
});
export type ConnectField = z.infer<typeof ConnectField>;

/** Of `GET /providers/{provider}` what the connect page reads. */
export const ConnectProvider = z.object({
  name: z.string(),
  display_name: z.string(),
  auth_mode: AuthMode,
  docs_connect: z.string().optional(),
  connection_config: z.record(z.string(), ConnectField).optional(),
  credentials: z.record(z.string(), ConnectField).optional(),
  /** TWO_STEP with a choice of how the token is asked for. */
  assertion_option: z.record(z.string(), z.unknown()).optional(),
  /** APP and CUSTOM: whether the app is installed from the provider's side. */
  installation: z.enum(['inbound', 'outbound']).optional(),
});
export type ConnectProvider = z.infer<typeof ConnectProvider>;

/** Of `GET /integrations` what the connect page reads. */
export const ConnectIntegration = Integration.pick({ unique_key: true, display_name: true, provider: true, logo: true });
export type ConnectIntegration = z.infer<typeof ConnectIntegration>;
