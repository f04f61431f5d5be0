import { z } from 'zod';
import { Metadata } from '../connection.js';
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

/** Calls of a script that the orchestrator performs, each in one transaction with its journal entry. */
export const platformCalls = {
  /** Replaces the connection's metadata, or merges its top level. */
  setMetadata: { effect: 'write', args: z.object({ mode: z.enum(['replace', 'merge']), metadata: Metadata }), answer: nothing },
  environmentVariables: { effect: 'lookup', args: z.object({}), answer: EnvironmentVariables },
  /** Overrules the sync's next last sync date. */
  setLastSyncDate: { effect: 'write', args: z.object({ date: z.iso.datetime() }), answer: nothing },
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

/** Body of `POST /execution/calls`. A repeat of the same call answers what the first one answered. */
export const PlatformRequest = z.object({ call: CallId, request: PlatformCall, tape: TapePiece.nullish() });
export type PlatformRequest = z.infer<typeof PlatformRequest>;

/** Answer to a {@link PlatformRequest}: the method's own answer. */
export const PlatformReply = z.object({ value: z.unknown() });
export type PlatformReply = z.infer<typeof PlatformReply>;
