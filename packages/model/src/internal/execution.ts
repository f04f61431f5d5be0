import { z } from 'zod';
import { LogLevel } from '../operation-log.js';
import { RecordCounts, SaveOperation } from '../record.js';
import { ExecutionLimits, JailReuse } from './execution-limits.js';
import { CallId, TapePiece } from './journal.js';

/** What an execution runs. */
export const ExecutionKind = z.enum(['sync', 'action', 'webhook', 'event']);
export type ExecutionKind = z.infer<typeof ExecutionKind>;

/** An execution's life. The four last are final. */
export const ExecutionStatus = z.enum(['queued', 'running', 'parked', 'succeeded', 'failed', 'cancelled', 'lost']);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;

export const openStatuses = ['queued', 'running', 'parked'] as const satisfies ExecutionStatus[];

/** Why a run failed, as surface 1.4 classifies it. `upstream` only for `script_http_error`. */
export const ExecutionError = z.object({
  code: z.string(),
  message: z.string(),
  payload: z.unknown().optional(),
  upstream: z.object({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.unknown().optional() }).optional(),
});
export type ExecutionError = z.infer<typeof ExecutionError>;

/** Body of `POST /executions/{id}/begin`, asked by a runner with its service token. Identifies the activity attempt. */
export const BeginRequest = z.object({ activityId: z.string(), attempt: z.int().min(1), scheduledAt: z.iso.datetime() });
export type BeginRequest = z.infer<typeof BeginRequest>;

/** What a script knows of its connection without asking; no credential. */
export const ScriptContext = z.object({
  executionId: z.uuid(),
  operationId: z.uuid(),
  kind: ExecutionKind,
  environmentId: z.int(),
  environmentName: z.string(),
  accountId: z.int().optional(),
  connectionId: z.string(),
  providerConfigKey: z.string(),
  provider: z.string(),
  nangoConnectionId: z.int(),
  syncId: z.uuid().nullable(),
  variant: z.string(),
  scriptName: z.string(),
  /** Models the script may save to. */
  models: z.array(z.string()),
  trackDeletes: z.boolean(),
  /** Its cache was emptied before it. */
  emptyCache: z.boolean().optional(),
  /** A record that is not as its model says is refused, so a save must not be answered before it was looked at. */
  refusesInvalidRecords: z.boolean().optional(),
  attributes: z.record(z.string(), z.unknown()),
  lastSyncDate: z.iso.datetime().nullable(),
  /** Which export is called. */
  entry: z.enum(['default', 'onWebhookPayloadReceived']),
  /** `proxy.paginate` of the provider, the base of `nango.paginate`. */
  providerPagination: z.record(z.string(), z.unknown()).nullable(),
});
export type ScriptContext = z.infer<typeof ScriptContext>;

/** Answer to begin: run it, or leave it because it is over already. */
export const BeginAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'),
    /** Opaque; one execution and generation; ends with it. */
    token: z.string(),
    generation: z.int(),
    bundleHash: z.string(),
    context: ScriptContext,
    input: z.unknown().optional(),
    limits: ExecutionLimits,
    jailReuse: JailReuse,
    /** Whether an earlier attempt has left a journal, to be read at `GET /execution/journal`, and a tape at `GET /execution/tape`. */
    resumes: z.boolean(),
    /** How many lines earlier attempts have logged. */
    logLines: z.int(),
  }),
  z.object({ kind: z.literal('over'), status: ExecutionStatus }),
]);
export type BeginAnswer = z.infer<typeof BeginAnswer>;

/**
 * First line of the body of `POST /execution/records`, as JSON; after the newline follows the JSON array of records, as the
 * script's bytes. `call` is the journal's call id: a repeat answers what the first one answered. `order` counts the saves of
 * an attempt from 1; each commits after the one before it. All up to `settled` have committed, as far as the runner knows.
 */
export const SaveHead = z.object({
  call: CallId,
  model: z.string(),
  operation: SaveOperation,
  tape: TapePiece.nullish(),
  order: z.int().min(1).optional(),
  settled: z.int().min(0).optional(),
});
export type SaveHead = z.infer<typeof SaveHead>;

/** Answer to a save. `duplicates` are ids that stood in the batch twice; the first one was kept. */
export const SaveAnswer = RecordCounts.extend({ unchanged: z.int(), duplicates: z.array(z.string()) });
export type SaveAnswer = z.infer<typeof SaveAnswer>;

/** Body of `POST /execution/logs`. `from` counts the run's lines before these; lines that are stored already are not stored again. */
export const LogRequest = z.object({
  from: z.int().min(0).optional(),
  messages: z.array(z.object({ at: z.iso.datetime(), level: LogLevel, message: z.string(), meta: z.record(z.string(), z.unknown()).nullish() })).max(1000),
});
export type LogRequest = z.infer<typeof LogRequest>;

/** Body of `POST /execution/children`: an action called inside a script. Unique on (parent, call). */
export const ChildRequest = z.object({
  call: CallId,
  tape: TapePiece.nullish(),
  providerConfigKey: z.string(),
  connectionId: z.string(),
  actionName: z.string(),
  input: z.unknown().optional(),
});
export type ChildRequest = z.infer<typeof ChildRequest>;

/** Answer to a child request: run it beside its parent, or it has ended already. */
export const ChildAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), executionId: z.uuid() }),
  z.object({ kind: z.literal('succeeded'), output: z.unknown().optional() }),
  z.object({ kind: z.literal('failed'), error: ExecutionError }),
]);
export type ChildAnswer = z.infer<typeof ChildAnswer>;

/** Body of `POST /execution/finish`. `sawError`: one of its calls was answered with an error, or a status of 400 and above. */
export const FinishRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('succeeded'), output: z.unknown().optional(), sawError: z.boolean().optional() }),
  z.object({ kind: z.literal('failed'), error: ExecutionError }),
  z.object({ kind: z.literal('cancelled') }),
]);
export type FinishRequest = z.infer<typeof FinishRequest>;

/** Answer to finish: a status, never data. */
export const FinishAnswer = z.object({ status: ExecutionStatus });
export type FinishAnswer = z.infer<typeof FinishAnswer>;

/** Body of `POST /execution/park`: the attempt ends, and another one goes on at that moment. */
export const ParkRequest = z.object({ until: z.iso.datetime() });
export type ParkRequest = z.infer<typeof ParkRequest>;

/** Result of the `runScript` activity: how the execution ended, or until when it waits. */
export const RunAnswer = FinishAnswer.extend({ until: z.iso.datetime().optional() });
export type RunAnswer = z.infer<typeof RunAnswer>;
