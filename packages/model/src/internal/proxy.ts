import { z } from 'zod';
import { CallId, TapePiece } from './journal.js';

/** A header name or several, for the wait that an answer asks for (surface 1.3). */
const HeaderNames = z.union([z.string(), z.array(z.string())]);

/** How long a call waits for the answer's first byte, and between any two of its body. */
export const TimeoutMs = z.int().min(1).max(3_600_000);

/**
 * An external call of a script: body of the proxy's `POST /internal/calls` under an execution token.
 * The answer is 200 with the upstream's whole body, and its status and headers in {@link callHeader}.
 * A call that got no whole answer is an error body with `upstream_unreachable`, `upstream_timeout` or `url_not_allowed`.
 */
export const ScriptCall = z.object({
  call: CallId,
  tape: TapePiece.nullish(),
  /** What becomes of a wait of more than 20 s before another try: `park` answers with {@link Parked} instead of waiting. */
  longWait: z.enum(['wait', 'park']).optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  endpoint: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Query as sent: a string without `?`, or values by name. */
  params: z.union([z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]))]).optional(),
  /** The body: JSON value, or bytes as base64. */
  data: z.unknown().optional(),
  dataBase64: z.string().optional(),
  retries: z.int().min(0).max(50).default(0),
  retryOn: z.array(z.int()).nullish(),
  retryHeader: z.object({ at: HeaderNames.optional(), after: HeaderNames.optional() }).nullish(),
  baseUrlOverride: z.string().nullish(),
  decompress: z.boolean().optional(),
  timeoutMs: TimeoutMs.nullish(),
  /** Credentials too follow a redirect to another host. */
  forwardHeadersOnRedirect: z.boolean().nullish(),
  /** No credentials and no provider: `uncontrolledFetch`. */
  uncontrolled: z.boolean().default(false),
  /** Another connection of the same environment, where the environment allows it. */
  providerConfigKey: z.string().nullish(),
  connectionId: z.string().nullish(),
});
export type ScriptCall = z.infer<typeof ScriptCall>;

/** Header of the proxy's answer to a {@link ScriptCall}: base64url of the JSON of {@link CallReply}. */
export const callHeader = 'nango-call';

/** Status line and headers of the external API's answer. */
export const CallAnswer = z.object({ status: z.int(), statusText: z.string(), headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])) });
export type CallAnswer = z.infer<typeof CallAnswer>;

/** The call waits for its API until then; it is to be made again, by the same call id. Scripts never see this. */
export const Parked = z.object({ parkedUntil: z.iso.datetime() });
export type Parked = z.infer<typeof Parked>;

/** What the proxy answers a {@link ScriptCall}. */
export const CallReply = z.union([CallAnswer, Parked]);
export type CallReply = z.infer<typeof CallReply>;

/** Body of `POST /internal/connections`: a connection with its credential, refreshed when it is near its end. */
export const ConnectionRequest = z.object({
  /** Given by a script's broker: a repeat answers the connection as it was the first time, with its credential as it is now. */
  call: CallId.optional(),
  tape: TapePiece.nullish(),
  /** Needed with a service token; an execution's own environment is known. */
  environmentId: z.int().optional(),
  providerConfigKey: z.string().optional(),
  connectionId: z.string().optional(),
  forceRefresh: z.boolean().default(false),
  refreshToken: z.boolean().default(false),
});
export type ConnectionRequest = z.infer<typeof ConnectionRequest>;

const plainName = String.raw`(?:[\w.~@:-]|%[2-7][\da-f]){1,500}`;

/**
 * `GET /connection/{id}?provider_config_key={key}` as clients mostly send it: names of printable ASCII, no refresh forced, no refresh token
 * asked for. The server hands it on to the proxy as it is; anything else takes the ordinary route.
 */
export const plainConnectionUrl = new RegExp(
  String.raw`^/connections?/(?<connectionId>${plainName})\?provider_config_key=(?<providerConfigKey>${plainName})(?:&(?:force_refresh|refresh_token)=(?:false|0)?)*$`,
  'i',
);

/** Body of `POST /internal/deliveries` under a service token: one webhook to a customer, sent as it stands. */
export const DeliveryRequest = z.object({
  environmentId: z.int(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  timeoutMs: z.int().default(20_000),
});
export type DeliveryRequest = z.infer<typeof DeliveryRequest>;

/** What came of a delivery. `status` is null when no answer came. */
export const DeliveryAnswer = z.object({ status: z.int().nullable(), error: z.string().nullable(), durationMs: z.number() });
export type DeliveryAnswer = z.infer<typeof DeliveryAnswer>;
