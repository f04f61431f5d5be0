import { AppError, type AppCredentials } from 'model';
import { tokenUrlOf } from 'providers';
import { z } from 'zod';
import { refusalOf } from '../token-refusal.js';
import { signToken } from '../signing/signed-token.js';
import { endpointUrl, fillHeaders, toAnswer } from '../token-endpoint.js';
import type { TokenAnswer, TokenContext, TokenGrant, TokenOutcome } from '../token-request.js';
import { after, isSuccess, keptValues } from './login.js';
import type { ModeTokens, ReadContext } from './mode.js';

type InstallationGrant = Extract<TokenGrant, { kind: 'installation' }>;

/** The app's own token lives 10 minutes at most, and clocks differ (GitHub, "Generating a JSON Web Token for a GitHub App"). */
const appTokenLifeSeconds = 9 * 60;
const headStartSeconds = 60;
/** Of an installation's token whose end the answer does not tell. */
const defaultLifeSeconds = 60 * 60;

const Token = z.looseObject({ token: z.string().min(1), expires_at: z.coerce.date().optional() });

/** APP: the token of an app's installation, asked for with a token that the app signs for itself. */
export const app: ModeTokens = {
  async ask(context, grant): Promise<TokenAnswer> {
    const { provider, connectionConfig } = context;
    const { installationId } = installationGrant(grant);
    const values = { connectionConfig: { ...connectionConfig, installation_id: installationId } };
    const url = endpointUrl(provider, tokenUrlOf(provider, 'APP'), values);
    const authorization = `Bearer ${await appToken(context)}`;
    const headers = { accept: 'application/json', 'user-agent': 'nango', ...fillHeaders(provider.token_headers, values), authorization };
    return toAnswer(await context.send({ url, method: 'POST', headers }));
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const { installationId } = installationGrant(grant);
    const token = Token.safeParse(answer.body);
    if (!isSuccess(answer) || !token.success) return failure(context, answer);
    const { token: access_token, expires_at = after(receivedAt, defaultLifeSeconds) } = token.data;
    const raw = answer.body as Record<string, unknown>; // an object, as its schema found
    const credentials: AppCredentials = { type: 'APP', access_token, expires_at, raw };
    return { kind: 'issued', credentials, connectionConfig: { ...keptValues(context, answer.body), installation_id: installationId } };
  },
};

/** @throws AppError `token_request_failed` for any other kind of grant */
export function installationGrant(grant: TokenGrant): InstallationGrant {
  if (grant.kind === 'installation') return grant;
  throw new AppError('token_request_failed', { message: `An app's token is asked for an installation, not with a grant of kind '${grant.kind}'` });
}

async function appToken({ client, provider }: TokenContext): Promise<string> {
  const { app: key } = client;
  if (!key) throw new AppError('token_request_failed', { message: `The integration has no app id and private key, which '${provider.name}' needs` });
  const now = Math.floor(Date.now() / 1000);
  return signToken({
    header: { alg: 'RS256' },
    payload: { iss: key.app_id, iat: now - headStartSeconds, exp: now + appTokenLifeSeconds },
    signature: { protocol: 'RSA' },
    key: key.private_key,
    field: 'private_key',
  });
}

/** An installation that is gone never comes back under its id; one that is suspended (403) may. */
function failure({ client }: ReadContext, answer: TokenAnswer): TokenOutcome {
  const kind = answer.status === 404 || answer.status === 410 ? 'rejected' : 'failed';
  return { ...refusalOf(answer, [client.app?.private_key, client.secret]), kind };
}
