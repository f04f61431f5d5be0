import { z } from 'zod';

/** A token of OAuth 1.0 (RFC 5849), which signs each call together with the integration's client. */
export const OAuth1Credentials = z.object({
  type: z.literal('OAUTH1'),
  oauth_token: z.string(),
  oauth_token_secret: z.string(),
  raw: z.record(z.string(), z.unknown()).default({}),
});
export type OAuth1Credentials = z.infer<typeof OAuth1Credentials>;

/** A token of token based authentication (NetSuite), which signs each call together with the integration's client or one of its own. */
export const TbaCredentials = z.object({
  type: z.literal('TBA'),
  token_id: z.string(),
  token_secret: z.string(),
  config_override: z.object({ client_id: z.string().optional(), client_secret: z.string().optional() }).default({}),
});
export type TbaCredentials = z.infer<typeof TbaCredentials>;

/** Temporary keys of an AWS role, which sign each call. Region and service are read off the host where they are not set. */
export const AwsCredentials = z.object({
  type: z.literal('AWS_SIGV4'),
  role_arn: z.string().optional(),
  region: z.string().optional(),
  service: z.string().optional(),
  access_key_id: z.string(),
  secret_access_key: z.string(),
  session_token: z.string().optional(),
  expires_at: z.coerce.date().optional(),
});
export type AwsCredentials = z.infer<typeof AwsCredentials>;
