import { z } from 'zod';

const Expiry = z.coerce.date().optional();
const Raw = z.record(z.string(), z.unknown()).default({});
const ClientOverride = z.object({ client_id: z.string().optional(), client_secret: z.string().optional() });

/** Tokens of an OAuth 2.0 grant. `raw` is the token endpoint's answer as it came. */
export const OAuth2Credentials = z.object({
  type: z.literal('OAUTH2'),
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_at: Expiry,
  raw: Raw,
  config_override: ClientOverride.optional(),
});
export type OAuth2Credentials = z.infer<typeof OAuth2Credentials>;

/** The authorization server that an MCP server names, as far as a renewal and a revocation need it (RFC 8414, RFC 8707). */
export const McpAuthorizationServer = z.object({
  issuer: z.string(),
  token_endpoint: z.string(),
  revocation_endpoint: z.string().optional(),
  token_endpoint_auth_method: z.enum(['none', 'client_secret_basic', 'client_secret_post']).default('none'),
  /** The MCP server that the token is for: the `resource` of RFC 8707. */
  resource: z.string(),
});
export type McpAuthorizationServer = z.infer<typeof McpAuthorizationServer>;

/** Tokens for an MCP server, with the client that was registered for them and the server that issues them. */
export const McpCredentials = OAuth2Credentials.extend({
  type: z.enum(['MCP_OAUTH2', 'MCP_OAUTH2_GENERIC']),
  server: McpAuthorizationServer,
});
export type McpCredentials = z.infer<typeof McpCredentials>;

/** A token of the OAuth 2.0 client credentials grant, with the client it was given to. */
export const ClientCredentials = z.object({
  type: z.literal('OAUTH2_CC'),
  token: z.string(),
  expires_at: Expiry,
  client_id: z.string(),
  client_secret: z.string(),
  client_certificate: z.string().optional(),
  client_private_key: z.string().optional(),
  raw: Raw,
});
export type ClientCredentials = z.infer<typeof ClientCredentials>;

/** A token of an installed app, such as a GitHub App's. */
export const AppCredentials = z.object({ type: z.literal('APP'), access_token: z.string(), expires_at: Expiry, raw: Raw });
export type AppCredentials = z.infer<typeof AppCredentials>;

/** A signed token of Apple's App Store Connect API, with the key it is signed with. */
export const AppStoreCredentials = z.object({
  type: z.literal('APP_STORE'),
  access_token: z.string(),
  expires_at: Expiry,
  private_key: z.string(),
  private_key_id: z.string().optional(),
  issuer_id: z.string().optional(),
  scope: z.array(z.string()).optional(),
  raw: Raw,
});
export type AppStoreCredentials = z.infer<typeof AppStoreCredentials>;

/** A self-made JSON Web Token, with the provider's own fields that it is made from. */
export const JwtCredentials = z.looseObject({ type: z.literal('JWT'), token: z.string().optional(), expires_at: Expiry });
export type JwtCredentials = z.infer<typeof JwtCredentials>;

/** A token that was got by a request or several, with the provider's own fields that they send. */
export const TwoStepCredentials = z.looseObject({
  type: z.literal('TWO_STEP'),
  token: z.string().optional(),
  refresh_token: z.string().optional(),
  expires_at: Expiry,
  raw: Raw,
});
export type TwoStepCredentials = z.infer<typeof TwoStepCredentials>;

/** A token made from a user name and a password, such as a WSSE header. */
export const SignatureCredentials = z.object({
  type: z.literal('SIGNATURE'),
  username: z.string(),
  password: z.string(),
  token: z.string().optional(),
  expires_at: Expiry,
});
export type SignatureCredentials = z.infer<typeof SignatureCredentials>;

/** A session of Bill.com's API, with the login that it is opened with. */
export const BillCredentials = z.object({
  type: z.literal('BILL'),
  username: z.string(),
  password: z.string(),
  organization_id: z.string(),
  dev_key: z.string(),
  session_id: z.string().optional(),
  user_id: z.string().optional(),
  expires_at: Expiry,
  raw: Raw,
});
export type BillCredentials = z.infer<typeof BillCredentials>;

/** A session of Tableau's API, with the personal access token that it is opened with. */
export const TableauCredentials = z.object({
  type: z.literal('TABLEAU'),
  pat_name: z.string(),
  pat_secret: z.string(),
  content_url: z.string().optional(),
  token: z.string().optional(),
  expires_at: Expiry,
  raw: Raw,
});
export type TableauCredentials = z.infer<typeof TableauCredentials>;

/** A user's token and an app installation's token together, where a provider gives both. `expires_at` is the earlier end. */
export const CustomCredentials = z.looseObject({
  type: z.literal('CUSTOM'),
  app: AppCredentials.optional(),
  user: OAuth2Credentials.nullish(),
  expires_at: Expiry,
  raw: Raw,
});
export type CustomCredentials = z.infer<typeof CustomCredentials>;
