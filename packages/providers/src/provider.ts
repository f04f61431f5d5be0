import { AuthMode } from 'model';
import { ConnectField } from 'model/connect';
import { z } from 'zod';
import { webhookRoutingNames } from './webhook/webhook-routings.js';

const Strings = z.record(z.string(), z.string());
const Names = z.union([z.string(), z.array(z.string())]);

function isPattern(text: string): boolean {
  try {
    // With an alternative that matches nothing, the number of groups shows.
    return (new RegExp(`${text}|`).exec('')?.length ?? 0) > 1;
  } catch {
    return false;
  }
}

/** A value that a connection needs beside its credential, or a field of the credential, as a form shows it. */
export const ProviderField = z.strictObject({
  type: z.literal('string').default('string'),
  ...ConnectField.shape,
  doc_section: z.string().optional(),
});
export type ProviderField = z.infer<typeof ProviderField>;

/** When and how long to wait before a call is made again; header names are matched in any case. */
export const ProviderRetry = z.strictObject({
  after: Names.optional(),
  at: Names.optional(),
  /** Replaces the default list of statuses that are tried again. */
  error_code: z.array(z.union([z.int(), z.string()])).optional(),
  /** A header that, at `0`, makes any status one to try again. */
  remaining: z.string().optional(),
  in_body: z
    .strictObject({ strategy: z.enum(['at', 'after']), path: z.string(), value: z.string().refine(isPattern, 'is no pattern with a group') })
    .optional(),
});
export type ProviderRetry = z.infer<typeof ProviderRetry>;

/** Headers of the provider's own that tell of a limit; the usual spellings need none of this. `used` holds "used/limit". */
const LimitHeaderNames = z.strictObject({
  /** `minute`, `hour` and `day` say how long its window is. */
  name: z.string().optional(),
  limit: z.string().optional(),
  remaining: z.string().optional(),
  reset: z.string().optional(),
  used: z.string().optional(),
  /** How long its window is, or how long it takes to fill. */
  per_seconds: z.int().min(1).optional(),
});

/** What the API is known to let through (documented for everybody, whatever they pay), and what it counts together. */
export const ProviderRateLimit = z.strictObject({
  /** `integration`: the calls of all connections of an OAuth app. `endpoint`: each by itself, so that nothing is learned for the whole. */
  counts: z.enum(['connection', 'integration', 'endpoint']).default('connection'),
  limits: z.array(z.strictObject({ requests: z.int().min(1), per_seconds: z.int().min(1), burst: z.int().min(1).optional() })).default([]),
  headers: z.array(LimitHeaderNames).optional(),
});
export type ProviderRateLimit = z.infer<typeof ProviderRateLimit>;

/** The provider's usual paging, the base of `nango.paginate` (surface 1.3). */
export const ProviderPagination = z.strictObject({
  type: z.enum(['cursor', 'link', 'offset']),
  limit: z.union([z.int(), z.string()]).optional(),
  limit_name_in_request: z.string().optional(),
  response_path: z.string().optional(),
  in_body: z.boolean().optional(),
  cursor_path_in_response: z.string().optional(),
  cursor_name_in_request: z.string().optional(),
  link_rel_in_response_header: z.string().optional(),
  link_path_in_response_body: z.string().optional(),
  offset_name_in_request: z.string().optional(),
  offset_start_value: z.int().optional(),
  offset_calculation_method: z.enum(['by-response-size', 'per-page']).optional(),
});
export type ProviderPagination = z.infer<typeof ProviderPagination>;

/** A call that shows whether a pasted credential works. */
const Verification = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  endpoints: z.array(z.string()).min(1),
  headers: Strings.optional(),
  data: z.unknown().optional(),
  base_url_override: z.string().optional(),
});

/** An integration that names no endpoint of its own API has nothing to verify with. */
function withoutEmptyList(value: unknown): unknown {
  const endpoints = typeof value === 'object' && value !== null && 'endpoints' in value ? value.endpoints : undefined;
  return Array.isArray(endpoints) && endpoints.length === 0 ? undefined : value;
}

/** How calls to the provider's API are made. Strings may hold `${...}` placeholders. */
export const ProviderProxy = z.strictObject({
  base_url: z.string(),
  headers: Strings.optional(),
  query: Strings.optional(),
  /** Joins every JSON body that a call sends; its strings may hold placeholders. */
  body: z.record(z.string(), z.json()).optional(),
  connection_config: Strings.optional(),
  decompress: z.boolean().optional(),
  forward_headers_on_redirect: z.boolean().optional(),
  retry: ProviderRetry.optional(),
  rate_limit: ProviderRateLimit.optional(),
  paginate: ProviderPagination.optional(),
  verification: z.preprocess(withoutEmptyList, Verification.optional()).optional(),
});
export type ProviderProxy = z.infer<typeof ProviderProxy>;

const Template = z.string();
const JsonTemplates = z.record(z.string(), z.json());

/** Where a TWO_STEP token stands in its answer: dotted paths. */
const TokenResponse = z.strictObject({
  token: z.string(),
  token_expiration: z.string().optional(),
  /** `expireAt`: a moment; `expireIn`: seconds from now. */
  token_expiration_strategy: z.enum(['expireAt', 'expireIn']).optional(),
  refresh_token: z.string().optional(),
});

/** A further request of TWO_STEP; its placeholders may name earlier answers as `${step1.x}`. */
const TokenStep = z.strictObject({
  token_url: Template,
  token_request_method: z.enum(['GET', 'POST']).optional(),
  token_params: JsonTemplates.optional(),
  token_headers: Strings.optional(),
  body_format: z.enum(['form', 'json', 'xml']).optional(),
});

/** A token that is signed here: header and payload with placeholders (JWT). */
const SignedToken = z.strictObject({
  signing_key: Template.optional(),
  expires_in_ms: z.int().min(1_000).optional(),
  header: JsonTemplates.optional(),
  payload: JsonTemplates.optional(),
});

/** How a token or header is signed. */
const Signature = z.strictObject({
  protocol: z.enum(['RSA', 'HMAC', 'EC', 'WSSE']),
  hmac_secret_encoding: z.enum(['utf8', 'hex', 'base64']).optional(),
});

/** What else than a 401 says that a token is no longer good: a status, with a code at a dotted path of the body where one is named. */
const ExpirySign = z.strictObject({ status: z.int(), path: z.string().optional(), values: z.array(z.union([z.string(), z.number()])).optional() });
export type ExpirySign = z.infer<typeof ExpirySign>;

/** One entry of the catalogue with its aliases resolved. Unknown keys are refused, so that a typo shows. */
export const Provider = z.strictObject({
  /** Its key in the catalogue, e.g. `github-pat`. */
  name: z.string().regex(/^[a-z0-9-]+$/),
  display_name: z.string(),
  categories: z.array(z.string()).optional(),
  /** The API's own reference. */
  docs: z.url().optional(),
  docs_connect: z.url().optional(),
  setup_guide_url: z.url().optional(),
  auth_mode: AuthMode,
  authorization_url: z.string().optional(),
  /** By auth mode where there are two (CUSTOM). */
  token_url: z.union([z.string(), z.strictObject({ OAUTH2: z.string(), APP: z.string() })]).optional(),
  refresh_url: z.string().optional(),
  /** RFC 7009, or a request of the provider's own. */
  revocation_url: z.string().optional(),
  revocation_params: Strings.optional(),
  revocation_method: z.enum(['GET', 'POST', 'DELETE']).optional(),
  revocation_headers: Strings.optional(),
  /** The authorization server's issuer, compared with the `iss` of its answers (RFC 9207). */
  issuer: z.string().optional(),
  /** Whether an answer without `iss` is refused. */
  requires_iss: z.boolean().optional(),
  /** OAuth 1.0: where the request token comes from. */
  request_url: z.string().optional(),
  request_params: Strings.optional(),
  authorization_params: Strings.optional(),
  token_params: JsonTemplates.optional(),
  refresh_params: Strings.optional(),
  token_headers: Strings.optional(),
  token_request_method: z.enum(['GET', 'POST']).optional(),
  token_response: TokenResponse.optional(),
  /** Life of a token whose answer does not say. */
  token_expires_in_ms: z.int().min(1_000).optional(),
  refresh_token_params: JsonTemplates.optional(),
  refresh_token_headers: Strings.optional(),
  additional_steps: z.array(TokenStep).optional(),
  /** TWO_STEP: the choices of a signed assertion. */
  assertion: z.record(z.string(), z.unknown()).optional(),
  assertion_option: z.record(z.string(), z.unknown()).optional(),
  /** TWO_STEP: the text before the token in the Authorization header, instead of `Bearer`. */
  proxy_header_authorization: z.string().optional(),
  token: SignedToken.optional(),
  signature: Signature.optional(),
  scope_separator: z.string().optional(),
  default_scopes: z.array(z.string()).optional(),
  body_format: z.enum(['form', 'json', 'xml']).optional(),
  authorization_method: z.enum(['body', 'header']).optional(),
  token_request_auth_method: z.enum(['basic', 'body', 'none', 'private_key_jwt', 'custom']).optional(),
  /** Whether a Basic header holds id and secret as they are, where RFC 6749 2.3.1 has them percent-encoded first. */
  basic_auth_unencoded: z.boolean().optional(),
  /** How OAuth 1.0 signs; HMAC-SHA1 unless set. */
  signature_method: z.enum(['HMAC-SHA1', 'RSA-SHA1', 'PLAINTEXT']).optional(),
  disable_pkce: z.boolean().optional(),
  /** Seconds before its end at which a token counts as near it; 900 where it is not set. */
  token_expiration_buffer: z.int().optional(),
  /** Dotted paths in the token answer, copied into the connection's config. */
  token_response_metadata: z.array(z.string()).optional(),
  redirect_uri_metadata: z.array(z.string()).optional(),
  alternate_access_token_response_path: z.string().optional(),
  expires_in_unit: z.enum(['seconds', 'milliseconds']).optional(),
  /** What else than a 401 says that a token is no longer good. */
  expired_token_signs: z.array(ExpirySign).optional(),
  authorization_url_skip_encode: z.array(z.string()).optional(),
  authorization_url_skip_empty: z.boolean().optional(),
  authorization_url_replacements: Strings.optional(),
  authorization_url_fragment: z.string().optional(),
  authorization_code_param_in_callback: z.string().optional(),
  /** MCP: how a client comes to be; `static` needs the integration's client id. */
  client_registration: z.enum(['dynamic', 'static', 'metadata_document']).optional(),
  registration_url: z.string().optional(),
  registration_params: JsonTemplates.optional(),
  /** APP and CUSTOM: whether the customer installs the app from our side or from the provider's. */
  installation: z.enum(['inbound', 'outbound']).optional(),
  /** Who verifies and routes its webhooks; without it they are answered and forgotten. */
  webhook_routing_script: z.enum(webhookRoutingNames).optional(),
  /** The team sets the secret that webhooks are signed with; otherwise it is the app's client secret. */
  webhook_user_defined_secret: z.boolean().optional(),
  /** Values that the team sets with the integration; the rest of the entry names them as `${integrationConfig.x}`. */
  integration_config: z.record(z.string(), ProviderField).optional(),
  connection_config: z.record(z.string(), ProviderField).optional(),
  credentials: z.record(z.string(), ProviderField).optional(),
  proxy: ProviderProxy.optional(),
});
export type Provider = z.infer<typeof Provider>;
