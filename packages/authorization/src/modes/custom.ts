import type { AppCredentials, CustomCredentials, OAuth2Credentials } from 'model';
import { isFields } from '../dotted-path.js';
import type { TokenAnswer, TokenContext, TokenGrant, TokenOutcome } from '../token-request.js';
import { app, installationGrant } from './app.js';
import { isSuccess } from './login.js';
import type { ModeTokens, ReadContext } from './mode.js';
import { oauth2 } from './oauth2.js';

type Issued = Extract<TokenOutcome, { kind: 'issued' }>;

/** A token this near its end is renewed along with the other one. */
const nearEndMs = 15 * 60 * 1000;

/**
 * CUSTOM: the token of an app's installation and the token of the user who installed it. The installation's is asked for first, because
 * asking again costs nothing, while a code or a refresh token of the user works once.
 */
export const custom: ModeTokens = {
  async ask(context, grant): Promise<TokenAnswer> {
    const { app: wantsApp, user } = partsOf(context, grant, new Date());
    const ofApp = wantsApp ? await app.ask(context, grant) : undefined;
    if (ofApp && !isSuccess(ofApp)) return { ...ofApp, body: { app: ofApp } };
    const ofUser = user ? await oauth2.ask(userContext(context), user) : undefined;
    return { status: 200, body: { ...(ofApp ? { app: ofApp } : {}), ...(ofUser ? { user: ofUser } : {}) } };
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const old = oldCredentials(grant);
    const answers = isFields(answer.body) ? answer.body : {};
    const ofApp = isAnswer(answers['app']) ? app.read(context, grant, answers['app'], receivedAt) : undefined;
    if (ofApp && ofApp.kind !== 'issued') return ofApp;
    const user = userGrant(grant);
    const ofUser = user && isAnswer(answers['user']) ? oauth2.read(userContext(context), user, answers['user'], receivedAt) : undefined;
    if (ofUser && ofUser.kind !== 'issued') return ofUser;
    if (!ofApp && !ofUser) return { kind: 'failed', reason: 'neither the app nor its user was given a token', status: answer.status };
    return whole(old, ofApp, ofUser);
  },
};

function whole(old: CustomCredentials | undefined, ofApp: Issued | undefined, ofUser: Issued | undefined): Issued {
  const appPart = (ofApp?.credentials as AppCredentials | undefined) ?? old?.app; // what the mode `app` makes
  const userPart = (ofUser?.credentials as OAuth2Credentials | undefined) ?? old?.user; // what `oauth2` makes
  const ends = [appPart?.expires_at, userPart?.refresh_token === undefined ? undefined : userPart.expires_at].filter((end) => end !== undefined);
  const credentials: CustomCredentials = {
    ...old,
    type: 'CUSTOM',
    ...(appPart ? { app: appPart } : {}),
    ...(userPart ? { user: userPart } : {}),
    expires_at: ends.length > 0 ? new Date(Math.min(...ends.map(Number))) : undefined,
    raw: { ...(appPart ? { app: appPart.raw } : {}), ...(userPart ? { user: userPart.raw } : {}) },
  };
  return { kind: 'issued', credentials, connectionConfig: { ...ofUser?.connectionConfig, ...ofApp?.connectionConfig }, grantedScopes: ofUser?.grantedScopes };
}

/** What is to be asked for: both, when a code is given or nothing is there yet; of a credential what ends soon, or both when neither does. */
function partsOf(context: TokenContext, grant: TokenGrant, now: Date): { app: boolean; user: TokenGrant | undefined } {
  const { installationId, code } = installationGrant(grant);
  const hasInstallation = installationId !== '';
  const old = oldCredentials(grant);
  const user = userGrant(grant);
  if (code !== undefined || !old) return { app: hasInstallation, user };
  const bufferMs = context.provider.token_expiration_buffer === undefined ? nearEndMs : context.provider.token_expiration_buffer * 1000;
  const endsSoon = (end: Date | undefined): boolean => end === undefined || end.getTime() - now.getTime() < bufferMs;
  const appEnds = hasInstallation && endsSoon(old.app?.expires_at);
  const userEnds = user !== undefined && old.user?.expires_at !== undefined && endsSoon(old.user.expires_at);
  return appEnds || userEnds ? { app: appEnds, user: userEnds ? user : undefined } : { app: hasInstallation, user };
}

/** The user's code, else the user's refresh token. */
function userGrant(grant: TokenGrant): TokenGrant | undefined {
  const { code, redirectUri } = installationGrant(grant);
  if (code !== undefined) return { kind: 'authorization_code', code, redirectUri: redirectUri ?? '' };
  const user = oldCredentials(grant)?.user;
  return user?.refresh_token === undefined ? undefined : { kind: 'refresh_token', credentials: user };
}

function oldCredentials(grant: TokenGrant): CustomCredentials | undefined {
  const { credentials } = installationGrant(grant);
  return credentials?.type === 'CUSTOM' ? credentials : undefined;
}

/** The entry as OAuth 2.0 sees it: what is kept of the app's answer is not in the user's. */
function userContext<Context extends ReadContext>(context: Context): Context {
  return { ...context, provider: { ...context.provider, auth_mode: 'OAUTH2' } };
}

function isAnswer(value: unknown): value is TokenAnswer {
  return isFields(value) && typeof value['status'] === 'number';
}
