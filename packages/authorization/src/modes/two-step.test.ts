import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { TokenContext, TokenGrant, TokenOutcome } from '../token-request.js';
import { aContext, aTokenServer } from './test/token-server.js';
import { twoStep } from './two-step.js';

const receivedAt = new Date('2026-01-01T00:00:00Z');
const login = (fields: Record<string, unknown>): TokenGrant => ({ kind: 'login', type: 'TWO_STEP', fields });

async function tokenFor(context: TokenContext, fields: Record<string, unknown>): Promise<TokenOutcome> {
  const answer = await twoStep.ask(context, login(fields));
  // As it is stored in between.
  return twoStep.read(context, login(fields), JSON.parse(JSON.stringify(answer)), receivedAt);
}

describe('the TWO_STEP mode', () => {
  it('sends the fields as JSON, and keeps them with the token that it finds at the path', async () => {
    const { url, seen } = await aTokenServer(() => ({ body: { data: { jwt: 't1', until: '2026-01-01T01:00:00Z' } } }));
    const entry = {
      auth_mode: 'TWO_STEP',
      token_url: `${url}/\${connectionConfig.tenant}/login`,
      token_params: { email: '${credentials.email}', nested: { password: '${credentials.password}' }, org: '${credentials.org}' },
      token_headers: { 'X-Key': '${base64(${credentials.email}:${credentials.password})}', 'x-org': '${credentials.org}' },
      token_response: { token: 'data.jwt', token_expiration: 'data.until', token_expiration_strategy: 'expireAt' },
    };
    const outcome = await tokenFor(aContext(entry, { connectionConfig: { tenant: 'acme' } }), { email: 'a@b.c', password: 'pw' });
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/acme/login', headers: { 'content-type': 'application/json', 'x-key': 'YUBiLmM6cHc=' } });
    expect(seen[0]?.headers).not.toHaveProperty('x-org');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ email: 'a@b.c', nested: { password: 'pw' } });
    expect(outcome).toMatchObject({
      kind: 'issued',
      credentials: { type: 'TWO_STEP', email: 'a@b.c', password: 'pw', token: 't1', expires_at: new Date('2026-01-01T01:00:00Z') },
    });
  });

  it('sends a form, and counts the life of the token from now', async () => {
    const { url, seen } = await aTokenServer(() => ({ body: { access_token: 't', expires_in: '600' } }));
    const entry = {
      auth_mode: 'TWO_STEP',
      token_url: url,
      body_format: 'form',
      token_params: { id: '${credentials.id}', grant: 'x y' },
      token_response: { token: 'access_token', token_expiration: 'expires_in', token_expiration_strategy: 'expireIn' },
    };
    const outcome = await tokenFor(aContext(entry), { id: 'ä&b' });
    expect(seen[0]?.body).toBe('id=%C3%A4%26b&grant=x+y');
    expect(outcome).toMatchObject({ credentials: { expires_at: new Date('2026-01-01T00:10:00Z') } });
  });

  it('sends its parameters as a query where the entry asks with GET, and takes the entry’s lifetime where none is told', async () => {
    const { url, seen } = await aTokenServer(() => ({ body: { token: 't' } }));
    const entry = {
      auth_mode: 'TWO_STEP',
      token_url: url,
      token_request_method: 'GET',
      token_params: { k: '${credentials.k}' },
      token_response: { token: 'token' },
      token_expires_in_ms: 60_000,
    };
    const outcome = await tokenFor(aContext(entry), { k: 'a b' });
    expect(seen[0]).toMatchObject({ method: 'GET', path: '/?k=a+b', body: '' });
    expect(outcome).toMatchObject({ credentials: { expires_at: new Date('2026-01-01T00:01:00Z') } });
  });

  it('sends XML and reads a path of an XML answer', async () => {
    const { url, seen } = await aTokenServer(() => ({
      body: '<?xml version="1.0"?><s:response xmlns:s="urn:x"><operation><sessionid>a&amp;b</sessionid></operation></s:response>',
    }));
    const entry = {
      auth_mode: 'TWO_STEP',
      token_url: url,
      body_format: 'xml',
      token_response: { token: 'response.operation.sessionid' },
      token_params: { request: { control: { password: '${credentials.password}' }, function: { '@controlid': 'f1', getAPISession: '' } } },
    };
    const outcome = await tokenFor(aContext(entry), { password: '<&"' });
    expect(seen[0]?.headers['content-type']).toBe('application/xml');
    expect(seen[0]?.body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><request><control><password>&lt;&amp;&quot;</password></control><function controlid="f1"><getAPISession></getAPISession></function></request>',
    );
    expect(outcome).toMatchObject({ credentials: { token: 'a&b' } });
  });

  it('gives later requests the answers of earlier ones', async () => {
    const { url, seen } = await aTokenServer(({ path }) => ({ body: path === '/one' ? { session: 's1', user: 7 } : { jwt: 't2' } }));
    const entry = {
      auth_mode: 'TWO_STEP',
      token_url: `${url}/one`,
      token_params: { k: '${credentials.k}' },
      token_response: { token: 'jwt', refresh_token: 'step1.session' },
      additional_steps: [
        { token_url: `${url}/two/\${step1.user}`, token_params: { session: '${step1.session}' }, token_headers: { authorization: 'Bearer ${step1.session}' } },
      ],
    };
    const outcome = await tokenFor(aContext(entry), { k: '1' });
    expect(seen[1]).toMatchObject({ path: '/two/7', body: '{"session":"s1"}', headers: { authorization: 'Bearer s1' } });
    expect(outcome).toMatchObject({ credentials: { token: 't2', refresh_token: 's1' } });
  });

  it('stops at the first request that fails, in the provider’s words', async () => {
    const { url, seen } = await aTokenServer(() => ({ status: 403, body: { message: 'account locked' } }));
    const entry = { auth_mode: 'TWO_STEP', token_url: url, token_params: { k: '1' }, additional_steps: [{ token_url: url }] };
    expect(await tokenFor(aContext(entry), {})).toEqual({ kind: 'failed', reason: 'account locked', status: 403 });
    expect(seen).toHaveLength(1);
  });

  it('renews with the refresh token, and logs in again where that is refused', async () => {
    const { url, seen } = await aTokenServer(({ body }) =>
      body.includes('old') ? { status: 400, body: { error: 'invalid_grant' } } : { body: { token: 'new', refresh: 'r2' } },
    );
    const entry = {
      auth_mode: 'TWO_STEP',
      token_url: url,
      token_params: { user: '${credentials.user}' },
      token_response: { token: 'token', refresh_token: 'refresh' },
      refresh_token_params: { refresh: '${credentials.refresh_token}' },
    };
    expect(await tokenFor(aContext(entry), { user: 'u', refresh_token: 'good' })).toMatchObject({
      credentials: { token: 'new', refresh_token: 'r2', user: 'u' },
    });
    expect(seen.map(({ body }) => body)).toEqual(['{"refresh":"good"}']);
    expect(await tokenFor(aContext(entry), { user: 'u', refresh_token: 'old' })).toMatchObject({ kind: 'issued' });
    expect(seen.slice(1).map(({ body }) => body)).toEqual(['{"refresh":"old"}', '{"user":"u"}']);
  });

  it('exchanges an assertion that it signs, as a Google service account has it', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { url, seen } = await aTokenServer(() => ({ body: { access_token: 't', expires_in: 3599 } }));
    const entry = {
      auth_mode: 'TWO_STEP',
      token_url: url,
      body_format: 'form',
      token_response: { token: 'access_token' },
      token_params: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: '${credentials.assertion}' },
      assertion: {
        type: 'jwt',
        signature: { protocol: 'RSA' },
        token: { payload: { iss: '${credentials.email}', scope: '${credentials.scopes}', aud: url, sub: '${credentials.delegated}' } },
      },
    };
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const outcome = await tokenFor(aContext(entry), { email: 'robot@x.iam', scopes: 'a b', privateKey: pem.replaceAll('\n', '\\n') });
    const assertion = new URLSearchParams(seen[0]?.body).get('assertion') ?? '';
    const { payload } = await jwtVerify(assertion, publicKey, { audience: url });
    expect(payload).toMatchObject({ iss: 'robot@x.iam', scope: 'a b' });
    expect(payload).not.toHaveProperty('sub');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(outcome).toMatchObject({ credentials: { token: 't' } });
    expect(JSON.stringify(outcome)).not.toContain(assertion);
  });

  it('takes the whole text or a header as the token', async () => {
    const { url } = await aTokenServer(({ path }) => ({
      body: path === '/text' ? '"abc=="\n' : {},
      headers: { 'x-subject-token': 'from-header', 'set-cookie': 'secret=1' },
    }));
    const entry = { auth_mode: 'TWO_STEP', token_url: `${url}/text`, token_response: { token: '' } };
    expect(await tokenFor(aContext(entry), {})).toMatchObject({ credentials: { token: 'abc==' } });
    const header = { auth_mode: 'TWO_STEP', token_url: url, token_response: { token: 'headers.X-Subject-Token' } };
    const outcome = await tokenFor(aContext(header), {});
    expect(outcome).toMatchObject({ credentials: { token: 'from-header' } });
    expect(JSON.stringify(outcome)).not.toContain('secret=1');
  });

  it.each([
    ['an assertion that is sent back', 400, { error: 'cannot read eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln' }, 'cannot read [redacted]'],
    ['a login page', 200, '<html><body>Sign in</body></html>', 'the token endpoint answered 200 without a token'],
    ['an error inside a 200', 200, { ok: false, message: 'unknown user' }, 'unknown user'],
    ['plain text', 401, 'Bad user name or password', 'Bad user name or password'],
    [
      'an XML error',
      200,
      '<response><errormessage><error><errorno>XL03</errorno><description>Sign-in is wrong</description></error></errormessage></response>',
      'XL03: Sign-in is wrong',
    ],
    ['a request that is sent back', 400, { error: 'cannot take pw-1234 with Basic dTpwdy0xMjM0' }, 'cannot take [redacted] with Basic [redacted]'],
  ])('says why there is no token: %s', async (_, status, body, reason) => {
    const { url } = await aTokenServer(() => ({ status, body }));
    const entry = {
      auth_mode: 'TWO_STEP',
      token_url: url,
      token_response: { token: 'session.token' },
      credentials: { u: { title: 'User' }, p: { title: 'Password', secret: true } },
      token_headers: { authorization: 'Basic ${base64(${credentials.u}:${credentials.p})}' },
    };
    expect(await tokenFor(aContext(entry), { u: 'u', p: 'pw-1234' })).toEqual({ kind: 'failed', reason, status });
  });

  it('asks nobody when the URL lacks a value, or the grant is of another kind', async () => {
    const entry = { auth_mode: 'TWO_STEP', token_url: 'https://${connectionConfig.host}/login' };
    await expect(twoStep.ask(aContext(entry), login({}))).rejects.toMatchObject({ code: 'missing_api_url' });
    await expect(twoStep.ask(aContext(entry, { connectionConfig: { host: 'evil.example/?' } }), login({}))).rejects.toMatchObject({ code: 'missing_api_url' });
    await expect(twoStep.ask(aContext(entry), { kind: 'installation', installationId: '1' })).rejects.toMatchObject({ code: 'token_request_failed' });
  });
});
