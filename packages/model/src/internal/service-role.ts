import { z } from 'zod';

/** Processes that call each other with a service token derived from the internal key. */
export const ServiceRole = z.enum(['server', 'orchestrator', 'runner', 'proxy', 'stack']);
export type ServiceRole = z.infer<typeof ServiceRole>;

/** NOTIFY channels of Postgres between services. Payloads are ids, never values. */
export const channels = {
  /** A sync's row asks for its schedule to be made, changed, triggered or removed; payload: sync id. */
  syncSchedule: 'sync_schedule',
  /** The run of an action has ended; payload: execution id. */
  actionEnded: 'action_ended',
  /** An outbox event is due; no payload. */
  outbox: 'outbox',
  /** A webhook of an external API waits in the inbox; no payload. */
  webhookInbox: 'webhook_inbox',
  /** An asynchronous action waits for its turn, or has left it to the next one; no payload. */
  asyncAction: 'async_action',
  /** A key, integration or connection changed; payload: `environment:<id>`, `integration:<id>` or `connection:<id>`. */
  configuration: 'configuration',
  /** An authorisation in a browser has ended; payload: the id of the WebSocket that waits for it. */
  oauthResult: 'oauth_result',
  /** What is known of a rate budget bounds its calls from now on, or more than before; payload: `connection:<id>` or `integration:<id>`. */
  rateBudget: 'rate_budget',
} as const;
