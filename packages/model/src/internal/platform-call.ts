import { z } from 'zod';
import { Checkpoint } from '../checkpoint.js';
import { Metadata } from '../connection.js';
import { IntegrationWithSecrets } from '../integration.js';
import { ScriptRecord } from '../record.js';
import { SyncCommand, SyncTrigger } from '../sync-command.js';
import { CallId, TapePiece } from './journal.js';

/**
 * What a call has to do with what its run has saved: a `lookup` reads what no run changes, a `read` must see the run's
 * saves, a `write` must come after them.
 */
type Effect = 'lookup' | 'read' | 'write';
type Entry = { effect: Effect; args: z.ZodType; answer: z.ZodType };

/** Values of an environment's variables by name; with credentials the only secrets that reach a script. */
export const EnvironmentVariables = z.array(z.object({ name: z.string(), value: z.string() }));
export type EnvironmentVariables = z.infer<typeof EnvironmentVariables>;

const nothing = z.null();
const none = z.object({});
const model = z.object({ model: z.string().min(1).max(255) });
const deletedKeys = z.object({ deletedKeys: z.array(z.string()) });
const lock = z.object({ key: z.string().min(1).max(255) });

/** Calls of a script that the orchestrator performs, each in one transaction with its journal entry. */
export const platformCalls = {
  /** Replaces the connection's metadata, or merges its top level. */
  setMetadata: { effect: 'write', args: z.object({ mode: z.enum(['replace', 'merge']), metadata: Metadata }), answer: nothing },
  environmentVariables: { effect: 'lookup', args: none, answer: EnvironmentVariables },
  /** Overrules the sync's next last sync date. */
  setLastSyncDate: { effect: 'write', args: z.object({ date: z.iso.datetime() }), answer: nothing },

  /** `version` counts the writes, 0 before the first. */
  getCheckpoint: { effect: 'read', args: none, answer: z.object({ value: Checkpoint.nullable(), version: z.int() }) },
  /** Null clears it. With a `version` it is refused where somebody else has written since; answers the new one. */
  saveCheckpoint: { effect: 'write', args: z.object({ value: Checkpoint.nullable(), version: z.int().nullable() }), answer: z.object({ version: z.int() }) },

  /** Answers whether the execution holds the lock now; asked again by its holder, it prolongs it. */
  acquireLock: { effect: 'write', args: lock.extend({ ttlMs: z.int().min(1).max(86_400_000) }), answer: z.boolean() },
  /** Answers whether the execution held it. */
  releaseLock: { effect: 'write', args: lock, answer: z.boolean() },
  releaseAllLocks: { effect: 'write', args: none, answer: nothing },

  /** As `POST /sync/trigger` and `POST /sync/start`. */
  triggerSync: { effect: 'write', args: SyncTrigger, answer: nothing },
  startSync: { effect: 'write', args: SyncCommand, answer: nothing },
  /** The execution's own. */
  getIntegration: { effect: 'lookup', args: z.object({ include: z.array(z.enum(['webhook', 'credentials'])) }), answer: IntegrationWithSecrets },

  /** Living records in no order; unknown ids are left out. */
  getRecords: { effect: 'read', args: model.extend({ ids: z.array(z.string().max(255)).max(1_000) }), answer: z.array(ScriptRecord) },
  /** A page of the living records, oldest change first. */
  listRecords: {
    effect: 'read',
    args: model.extend({ cursor: z.string().max(1_000).nullable() }),
    answer: z.object({ records: z.array(ScriptRecord), next_cursor: z.string().nullable() }),
  },
  /** How the execution's later saves treat what others change meanwhile. */
  setMergingStrategy: { effect: 'write', args: model.extend({ strategy: z.enum(['override', 'ignore_if_modified_after']) }), answer: nothing },
  trackDeletesStart: { effect: 'write', args: model, answer: nothing },
  trackDeletesEnd: { effect: 'write', args: model, answer: deletedKeys },
  /** Deletes what the execution has not saved so far. */
  deletePrevious: { effect: 'write', args: model, answer: deletedKeys },
} as const satisfies Record<string, Entry>;

/** A key of {@link platformCalls}. */
export type PlatformMethod = keyof typeof platformCalls;
export type PlatformArgs<M extends PlatformMethod> = z.infer<(typeof platformCalls)[M]['args']>;
export type PlatformAnswer<M extends PlatformMethod> = z.infer<(typeof platformCalls)[M]['answer']>;

// The table's own keys, so at least one.
const methods = Object.keys(platformCalls) as [PlatformMethod, ...PlatformMethod[]];
export const PlatformMethod = z.enum(methods);

/** One of {@link platformCalls} with its arguments. */
export type PlatformCall = { [M in PlatformMethod]: { method: M; args: PlatformArgs<M> } }[PlatformMethod];

/** @throws ZodError whose paths start at `args` */
export const PlatformCall: z.ZodType<PlatformCall> = z.object({ method: PlatformMethod, args: z.unknown() }).transform((call, context) => {
  const args = platformCalls[call.method].args.safeParse(call.args ?? {});
  if (args.success) return { method: call.method, args: args.data } as PlatformCall; // the schema is the method's own
  for (const issue of args.error.issues) context.addIssue({ code: 'custom', message: issue.message, path: ['args', ...issue.path] });
  return z.NEVER;
});

/**
 * Body of `POST /execution/calls`. A repeat of the same call answers what the first one answered. `sawError`: one of the run's
 * calls so far was answered with an error, or a status of 400 and above.
 */
export const PlatformRequest = z.object({ call: CallId, request: PlatformCall, tape: TapePiece.nullish(), sawError: z.boolean().optional() });
export type PlatformRequest = z.infer<typeof PlatformRequest>;

/** Answer to a {@link PlatformRequest}: the method's own answer. */
export const PlatformReply = z.object({ value: z.unknown() });
export type PlatformReply = z.infer<typeof PlatformReply>;
