import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { CustomCredentials } from 'model';
import { describe, expect, it } from 'vitest';
import type { AuthorizationClient, TokenContext, TokenGrant, TokenOutcome } from '../token-request.js';
import { app } from './app.js';
import { custom } from './custom.js';
import type { ModeTokens } from './mode.js';
import { aContext, aTokenServer } from './test/token-server.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const client: AuthorizationClient = { id: 'Iv1', secret: 'cs', scopes: [], app: { app_id: '42', private_key: pem } };
const receivedAt = new Date();
const inMinutes = (minutes: number): Date => new Date(receivedAt.getTime() + minutes * 60_000);

async function tokenFor(mode: ModeTokens, context: TokenContext, grant: TokenGrant): Promise<TokenOutcome> {
  return mode.read(context, grant, JSON.parse(JSON.stringify(await mode.ask(context, grant))), receivedAt);
}

const appPath = '/app/installations/${connectionConfig.installation_id}/access_tokens';

describe('the APP mode', () => {
  const grant: TokenGrant = { kind: 'installation', installationId: '777' };

  it('asks for the installation’s token as the app', async () => {
    const { url, seen } = await aTokenServer(() => ({
      status: 201,
      body: { token: 'ghs_1', expires_at: '2030-01-01T00:00:00Z', permissions: { issues: 'read' } },
    }));
    const outcome = await tokenFor(app, aContext({ auth_mode: 'APP', token_url: `${url}${appPath}` }, { client }), grant);
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/app/installations/777/access_tokens' });
    const { payload } = await jwtVerify(seen[0]?.headers['authorization']?.replace('Bearer ', '') ?? '', publicKey, { issuer: '42' });
    expect(payload.iat).toBeLessThanOrEqual(Date.now() / 1000 - 59);
    expect((payload.exp ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(600);
    expect(outcome).toMatchObject({
      kind: 'issued',
      connectionConfig: { installation_id: '777' },
      credentials: { type: 'APP', access_token: 'ghs_1', expires_at: new Date('2030-01-01T00:00:00Z'), raw: { permissions: { issues: 'read' } } },
    });
  });

  it('gives up on an installation that is gone, not on one that is suspended', async () => {
    const { url } = await aTokenServer((_, index) =>
      index === 0 ? { status: 404, body: { message: 'Not Found' } } : { status: 403, body: { message: 'This installation has been suspended' } },
    );
    const context = aContext({ auth_mode: 'APP', token_url: `${url}${appPath}` }, { client });
    expect(await tokenFor(app, context, grant)).toEqual({ kind: 'rejected', reason: 'Not Found', status: 404 });
    expect(await tokenFor(app, context, grant)).toEqual({ kind: 'failed', reason: 'This installation has been suspended', status: 403 });
  });

  it('asks nobody without the app’s key, or with one that is none', async () => {
    const entry = { auth_mode: 'APP', token_url: `https://api.github.com${appPath}` };
    await expect(app.ask(aContext(entry), grant)).rejects.toMatchObject({ code: 'token_request_failed' });
    const wrong = { ...client, app: { app_id: '42', private_key: 'not a key' } };
    await expect(app.ask(aContext(entry, { client: wrong }), grant)).rejects.toMatchObject({ code: 'invalid_credential_format' });
  });
});

describe('the CUSTOM mode', () => {
  const entry = (url: string) => ({ auth_mode: 'CUSTOM', token_url: { APP: `${url}${appPath}`, OAUTH2: `${url}/login/oauth/access_token` } });
  const answers = (status = 200) =>
    aTokenServer(({ path }) =>
      path.startsWith('/app')
        ? { body: { token: 'ghs_2', expires_at: inMinutes(60).toISOString() } }
        : { status, body: status === 200 ? { access_token: 'ghu_2', refresh_token: 'r2', expires_in: 28_800 } : { error: 'bad_refresh_token' } },
    );
  const old = (appEnds: number, userEnds: number): CustomCredentials => ({
    type: 'CUSTOM',
    app: { type: 'APP', access_token: 'ghs_1', expires_at: inMinutes(appEnds), raw: {} },
    user: { type: 'OAUTH2', access_token: 'ghu_1', refresh_token: 'r1', expires_at: inMinutes(userEnds), raw: {} },
    raw: {},
  });

  it('gets both tokens with the code that comes back from the installation', async () => {
    const { url, seen } = await answers();
    const grant: TokenGrant = { kind: 'installation', installationId: '777', code: 'c1', redirectUri: 'https://own.example/cb' };
    const outcome = await tokenFor(custom, aContext(entry(url), { client }), grant);
    expect(seen.map(({ path }) => path)).toEqual(['/app/installations/777/access_tokens', '/login/oauth/access_token']);
    expect(Object.fromEntries(new URLSearchParams(seen[1]?.body))).toMatchObject({
      grant_type: 'authorization_code',
      code: 'c1',
      redirect_uri: 'https://own.example/cb',
    });
    expect(outcome).toMatchObject({
      kind: 'issued',
      connectionConfig: { installation_id: '777' },
      credentials: { type: 'CUSTOM', app: { access_token: 'ghs_2' }, user: { access_token: 'ghu_2', refresh_token: 'r2' }, expires_at: inMinutes(60) },
    });
  });

  it.each([
    ['the app’s token', 5, 400, ['ghs_2', 'ghu_1']],
    ['the user’s token', 50, 5, ['ghs_1', 'ghu_2']],
    ['both, where neither ends soon', 50, 400, ['ghs_2', 'ghu_2']],
  ])('renews %s', async (_, appEnds, userEnds, tokens) => {
    const { url } = await answers();
    const outcome = await tokenFor(custom, aContext(entry(url), { client }), {
      kind: 'installation',
      installationId: '777',
      credentials: old(appEnds, userEnds),
    });
    expect(outcome).toMatchObject({ kind: 'issued', credentials: { app: { access_token: tokens[0] }, user: { access_token: tokens[1] } } });
  });

  it('keeps a code for later when the app gets no token, and says when the user’s grant is spent', async () => {
    const { url, seen } = await aTokenServer(() => ({ status: 401, body: { message: 'Bad credentials' } }));
    const grant: TokenGrant = { kind: 'installation', installationId: '777', code: 'c1', redirectUri: 'https://own.example/cb' };
    expect(await tokenFor(custom, aContext(entry(url), { client }), grant)).toMatchObject({ kind: 'failed', reason: 'Bad credentials', status: 401 });
    expect(seen).toHaveLength(1);
    const refusing = await answers(400);
    const renewal: TokenGrant = { kind: 'installation', installationId: '777', credentials: old(5, 5) };
    expect(await tokenFor(custom, aContext(entry(refusing.url), { client }), renewal)).toMatchObject({ kind: 'rejected', reason: 'bad_refresh_token' });
  });
});
