import type { TokenAnswer, TokenContext, TokenGrant, TokenOutcome } from '../token-request.js';

/** What a mode reads an answer with: everything but the way out. */
export type ReadContext = Omit<TokenContext, 'send'>;

/**
 * How one auth mode gets its token. Asking and reading are apart, so that an answer can be stored as it came before it is read:
 * a rotated token is never in one process's memory alone.
 */
export type ModeTokens = {
  /** @throws AppError `token_request_failed` or `missing_api_url` when the request cannot be built; what `send` throws */
  ask(context: TokenContext, grant: TokenGrant): Promise<TokenAnswer>;
  read(context: ReadContext, grant: TokenGrant, answer: TokenAnswer, receivedAt: Date): TokenOutcome;
};
