import type { CallAnswer, LogLevel, PlatformCall, SaveAnswer, SaveOperation, ScriptCall } from 'model';

/**
 * What stands between a jailed script and the world: every effect a script can have is one of these calls.
 * The runner implements it with the proxy and the orchestrator, the CLI's `dryrun` with the public API.
 * A refusal is thrown as an `AppError`; its code, message and payload reach the script, anything else does not.
 */
export interface Broker {
  /** An external call. Any status of the external API is an answer; only a call that got none throws. */
  call(request: Omit<ScriptCall, 'call'>): Promise<{ answer: CallAnswer; body: Uint8Array }>;
  /** A connection with its fresh credential, as JSON; the execution's own when nothing is named. */
  connection(request: ConnectionRequest): Promise<unknown>;
  /** Saves one chunk. `records` is the JSON array as the script wrote it, in UTF-8. */
  save(request: { model: string; operation: SaveOperation }, records: Uint8Array): Promise<SaveAnswer>;
  /** Takes one log line; need not wait until it is stored. */
  log(entry: LogEntry): Promise<void>;
  /** One of the model's `platformCalls`; answers the method's own answer, as JSON. */
  platform(request: PlatformCall): Promise<unknown>;
  /** Runs another action to its end and answers its output. */
  triggerAction(request: { providerConfigKey: string; connectionId: string; actionName: string; input: unknown }): Promise<unknown>;
  /**
   * The script's tape has grown by this text, possibly none; after `'full'` it grows no more. Called before the call,
   * save or end that follows it; on a resumed run only what is new beyond {@link JailJob.tape}. Texts are to be joined.
   */
  tape(text: string, end?: 'full'): void;
  /** A resumed run does something else than its tape says, and goes on live. Said before the call that follows. */
  diverged(detail: string): void;
}

/** `forMetadata` comes from a dry run alone: the script wants the metadata, and nothing else of it. */
export type ConnectionRequest = { providerConfigKey?: string; connectionId?: string; forceRefresh?: boolean; forMetadata?: boolean };

/** One line of `nango.log` or `console`. `at` is ISO 8601; `replayed` when an earlier attempt has said it already. */
export type LogEntry = { at: string; level: LogLevel; message: string; meta?: Record<string, unknown>; replayed?: true };
