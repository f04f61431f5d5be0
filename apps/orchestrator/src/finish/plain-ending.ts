import type { Ending } from 'journal/postgres';
import type { ExecutionError } from 'model';

/** An ending with its error as the logs and webhooks tell it; `output` and `error` are sealed. */
export type PlainEnding = Ending & { plainError: ExecutionError | null };
