import { AppError, type AuthMode } from 'model';
import type { TokenAnswer, TokenContext, TokenGrant, TokenOutcome } from '../token-request.js';
import { appStore } from './app-store.js';
import { app } from './app.js';
import { awsSigV4 } from './aws-sigv4.js';
import { bill } from './bill.js';
import { clientCredentials } from './client-credentials.js';
import { custom } from './custom.js';
import { jwt } from './jwt.js';
import { mcp } from './mcp.js';
import type { ModeTokens, ReadContext } from './mode.js';
import { oauth1 } from './oauth1.js';
import { oauth2 } from './oauth2.js';
import { signature } from './signature.js';
import { tableau } from './tableau.js';
import { twoStep } from './two-step.js';

const modes: Partial<Record<AuthMode, ModeTokens>> = {
  APP: app,
  APP_STORE: appStore,
  AWS_SIGV4: awsSigV4,
  BILL: bill,
  CUSTOM: custom,
  JWT: jwt,
  OAUTH1: oauth1,
  OAUTH2: oauth2,
  OAUTH2_CC: clientCredentials,
  MCP_OAUTH2: mcp,
  MCP_OAUTH2_GENERIC: mcp,
  SIGNATURE: signature,
  TABLEAU: tableau,
  TWO_STEP: twoStep,
};

/**
 * Asks for a token. The answer is to be stored before {@link readTokenAnswer} makes a credential of it.
 *
 * @throws AppError `invalid_auth_mode`, `token_request_failed`, `missing_api_url`; what `send` throws when no answer came
 */
export function askForToken(context: TokenContext, grant: TokenGrant): Promise<TokenAnswer> {
  return modeOf(context, grant).ask(context, grant);
}

/** What an answer comes to. @throws AppError `invalid_auth_mode` */
export function readTokenAnswer(context: ReadContext, grant: TokenGrant, answer: TokenAnswer, receivedAt: Date): TokenOutcome {
  return modeOf(context, grant).read(context, grant, answer, receivedAt);
}

/** A credential that exists is renewed in its own mode, whatever the entry says by now. */
function modeOf({ provider }: ReadContext, grant: TokenGrant): ModeTokens {
  const name = grant.kind === 'refresh_token' ? grant.credentials.type : grant.kind === 'login' ? grant.type : provider.auth_mode;
  const mode = modes[name];
  if (!mode) throw new AppError('invalid_auth_mode', { message: `No token is asked for in the auth mode ${name}` });
  return mode;
}
