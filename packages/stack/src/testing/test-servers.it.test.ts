import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthorizationServer, anAuthorizationServer } from './authorization-server.js';
import { CookieBrowser } from './browser.js';
import { garbage, giantBody, redirectTo, tooMany } from './evil-answers.js';
import { anEvilServer, type EvilServer } from './evil-server.js';
import { testClientSecret } from './oidc-configuration.js';

// RFC 7636, appendix B.
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const redirectUri = 'http://127.0.0.1:1/callback';

describe('the strict authorization server of the tests', () => {
  let server: AuthorizationServer;
  const browser = new CookieBrowser();
  beforeAll(async () => void (server = await anAuthorizationServer({ redirectUris: [redirectUri] })));
  afterAll(() => server.close());

  const ask = (more: Record<string, string> = {}) => {
    const query = { client_id: 'body', response_type: 'code', scope: 'openid read', redirect_uri: redirectUri, state: 's', ...more };
    return browser.visit(`${server.url}/auth?${new URLSearchParams(query)}`, { stopAt: (url) => url.startsWith(redirectUri) });
  };
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
  const decide = async (decision: string) => {
    const { url } = await ask({ ...pkce, prompt: 'consent' });
    return new URL((await browser.visit(`${url}/${decision}`, { stopAt: (next) => next.startsWith(redirectUri) })).url).searchParams;
  };
  const exchange = async (fields: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: 'body', client_secret: testClientSecret, ...fields });
    return (await fetch(`${server.url}/token`, { method: 'POST', body })).json() as Promise<Record<string, string>>;
  };

  it('asks for consent, sends its issuer along, and takes a refresh token once', async () => {
    const back = await decide('allow');
    expect(Object.fromEntries(back)).toMatchObject({ state: 's', iss: server.url, code: expect.any(String) });
    const first = await exchange({ grant_type: 'authorization_code', code: back.get('code') ?? '', redirect_uri: redirectUri, code_verifier: verifier });
    expect(first).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) });
    const second = await exchange({ grant_type: 'refresh_token', refresh_token: first['refresh_token'] ?? '' });
    const me = async () => (await fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${second['access_token']}` } })).status;
    expect(await me()).toBe(200);
    expect(await exchange({ grant_type: 'refresh_token', refresh_token: first['refresh_token'] ?? '' })).toMatchObject({ error: 'invalid_grant' });
    expect(await me()).toBe(401);
    expect(server.calls('/token')).toBe(3);
  });

  it('tells of a refusal, and refuses whoever comes without a challenge', async () => {
    expect(Object.fromEntries(await decide('deny'))).toMatchObject({ error: 'access_denied' });
    expect((await ask()).url).toContain('error=invalid_request');
  });
});

describe('the evil server of the tests', () => {
  let evil: EvilServer;
  beforeAll(async () => void (evil = await anEvilServer()));
  afterAll(() => evil.close());

  it('answers as it was told, in turns, and knows what it was sent', async () => {
    evil.answer('/token', tooMany(3), redirectTo('http://elsewhere.example/'), garbage(), giantBody(1_000));
    const ask = () => fetch(`${evil.url}/token`, { method: 'POST', body: 'secret=a%20b', redirect: 'manual' });
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([429, 307, 200, 200]);
    expect((await answers[3]?.text())?.length).toBeGreaterThan(1_000);
    expect([evil.knows('a b'), evil.knows('nothing')]).toEqual([true, false]);
  });
});
