import type { Ending } from 'journal/postgres';
import type { ExecutionError } from 'model';

/** An ending with its error as the logs and webhooks tell it, and the sync it may be a run of; `output` and `error` are sealed. */
export type PlainEnding = Ending & { syncId: string | null; plainError: ExecutionError | null };
