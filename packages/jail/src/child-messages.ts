import { ExecutionError, type ExecutionLimits, LogLevel, PlatformCall, SaveOperation, ScriptCall } from 'model';
import { z } from 'zod';

/** What has been recorded since the last message; null once nothing is recorded any more. */
const TapeGrowth = z.string().nullable().optional();

const Call = <Method extends string, Args extends z.ZodType>(method: Method, args: Args) =>
  z.object({ t: z.literal('call'), id: z.int().positive(), method: z.literal(method), args, binary: z.boolean().optional(), tape: TapeGrowth });

/** A call of the script, one schema per method of the broker. */
export const BrokerCall = z.discriminatedUnion('method', [
  Call('call', ScriptCall.omit({ call: true })),
  Call(
    'connection',
    z.object({
      providerConfigKey: z.string().max(255).optional(),
      connectionId: z.string().max(255).optional(),
      forceRefresh: z.boolean().optional(),
      forMetadata: z.boolean().optional(),
    }),
  ),
  Call('save', z.object({ model: z.string().max(255), operation: SaveOperation })),
  Call('platform', PlatformCall),
  Call(
    'triggerAction',
    z.object({ providerConfigKey: z.string().max(255), connectionId: z.string().max(255), actionName: z.string().max(255), input: z.unknown() }),
  ),
]);
export type BrokerCall = z.infer<typeof BrokerCall>;

const Log = z.object({
  t: z.literal('log'),
  at: z.iso.datetime(),
  level: LogLevel,
  message: z.string(),
  meta: z.record(z.string(), z.unknown()).optional(),
  replayed: z.boolean().optional(),
});
const Done = z.discriminatedUnion('outcome', [
  z.object({ t: z.literal('done'), outcome: z.literal('succeeded'), tape: TapeGrowth }),
  z.object({ t: z.literal('done'), outcome: z.literal('aborted'), tape: TapeGrowth }),
  z.object({ t: z.literal('done'), outcome: z.literal('failed'), error: ExecutionError, tape: TapeGrowth }),
]);

const Tape = z.object({ t: z.literal('tape'), tape: z.string() });
const Diverged = z.object({ t: z.literal('diverged'), detail: z.string().max(1_000) });

/** Everything a jail may say. What is none of these ends the run as `script_protocol_error`. */
export const ChildMessage = z.union([
  BrokerCall,
  Log,
  Done,
  Tape,
  Diverged,
  z.object({ t: z.literal('ready') }),
  z.object({ t: z.literal('pong'), n: z.int() }),
]);
export type ChildMessage = z.infer<typeof ChildMessage>;

/** What the driver says to a jail. Trusted: the jail does not check it. */
export type DriverMessage =
  | { t: 'run'; job: { context: unknown; input: unknown; dryRun: boolean; limits: ExecutionLimits }; tape?: string }
  | { t: 'answer'; id: number; ok: true; value: unknown; binary: boolean }
  | { t: 'answer'; id: number; ok: false; error: { code: string; message: string; payload?: unknown } }
  | { t: 'ping'; n: number }
  | { t: 'abort' }
  /** Make a fresh realm for the next run of the same script and connection; answered with `ready`. */
  | { t: 'renew' };
