import { describe, expect, it } from 'vitest';
import type { LoginType, TokenContext, TokenGrant, TokenOutcome } from '../token-request.js';
import { awsSigV4 } from './aws-sigv4.js';
import { bill } from './bill.js';
import type { ModeTokens } from './mode.js';
import { tableau } from './tableau.js';
import { aContext, aTokenServer } from './test/token-server.js';

const receivedAt = new Date('2026-01-01T00:00:00Z');
const login = (type: LoginType, fields: Record<string, unknown>): TokenGrant => ({ kind: 'login', type, fields });

async function tokenFor(mode: ModeTokens, context: TokenContext, grant: TokenGrant): Promise<TokenOutcome> {
  return mode.read(context, grant, JSON.parse(JSON.stringify(await mode.ask(context, grant))), receivedAt);
}

describe('the BILL mode', () => {
  const grant = login('BILL', { username: 'u', password: 'pw-1', organization_id: '008a', dev_key: 'dev-1' });

  it('opens a session of 35 minutes', async () => {
    const { url, seen } = await aTokenServer(() => ({ body: { sessionId: 's1', userId: '006b', organizationId: '008a' } }));
    const outcome = await tokenFor(bill, aContext({ auth_mode: 'BILL', token_url: `${url}/login` }), grant);
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/login' });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ username: 'u', password: 'pw-1', organizationId: '008a', devKey: 'dev-1' });
    const credentials = { session_id: 's1', user_id: '006b', username: 'u', password: 'pw-1', organization_id: '008a', dev_key: 'dev-1' };
    expect(outcome).toMatchObject({ kind: 'issued', credentials: { ...credentials, expires_at: new Date('2026-01-01T00:35:00Z') } });
  });

  it('says why a login was refused, without what was sent', async () => {
    const { url } = await aTokenServer(() => ({ status: 401, body: [{ code: 'BDC_1109', message: 'Wrong password pw-1 for dev-1' }] }));
    const outcome = await tokenFor(bill, aContext({ auth_mode: 'BILL', token_url: url }), grant);
    expect(outcome).toMatchObject({ kind: 'failed', status: 401, reason: expect.stringContaining('Wrong password [redacted] for [redacted]') });
  });

  it('asks nobody without a developer key', async () => {
    await expect(
      bill.ask(aContext({ auth_mode: 'BILL', token_url: 'https://a.example' }), login('BILL', { username: 'u', password: 'p', organization_id: 'o' })),
    ).rejects.toMatchObject({
      code: 'invalid_credential_format',
      message: 'dev_key is required',
    });
  });
});

describe('the TABLEAU mode', () => {
  const entry = (url: string) => ({
    auth_mode: 'TABLEAU',
    token_url: `${url}/api/\${connectionConfig.version}/auth/signin`,
    token_response_metadata: ['credentials.site.id'],
  });
  const grant = login('TABLEAU', { pat_name: 'robot', pat_secret: 'secret-1', content_url: 'acme' });

  it('signs in to a site, until the end that the server expects', async () => {
    const answered = { credentials: { site: { id: 'site-1', contentUrl: 'acme' }, token: 't|1', estimatedTimeToExpiration: '01:30:10' } };
    const { url, seen } = await aTokenServer(() => ({ body: answered }));
    const outcome = await tokenFor(tableau, aContext(entry(url), { connectionConfig: { version: '3.22' } }), grant);
    expect(seen[0]).toMatchObject({ path: '/api/3.22/auth/signin', headers: { accept: 'application/json' } });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      credentials: { personalAccessTokenName: 'robot', personalAccessTokenSecret: 'secret-1', site: { contentUrl: 'acme' } },
    });
    expect(outcome).toMatchObject({
      credentials: {
        type: 'TABLEAU',
        token: 't|1',
        pat_name: 'robot',
        pat_secret: 'secret-1',
        content_url: 'acme',
        expires_at: new Date('2026-01-01T01:30:10Z'),
      },
      connectionConfig: { 'credentials.site.id': 'site-1' },
    });
  });

  it('says why a sign-in was refused', async () => {
    const { url } = await aTokenServer(() => ({
      status: 401,
      body: { error: { summary: 'Signin Error', detail: 'The personal access token is invalid', code: '401001' } },
    }));
    const outcome = await tokenFor(tableau, aContext(entry(url), { connectionConfig: { version: '3.22' } }), grant);
    expect(outcome).toEqual({ kind: 'failed', reason: '401001: The personal access token is invalid', status: 401 });
  });
});

describe('the AWS_SIGV4 mode', () => {
  const client = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scopes: [] };
  const grant = login('AWS_SIGV4', { role_arn: 'arn:aws:iam::123456789012:role/nango', region: 'eu-west-1' });
  const keys =
    '<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>sk/1+</SecretAccessKey><SessionToken>st==</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration>';
  const answered = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>${keys}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;

  it('assumes the role with the integration’s keys, naming the external id', async () => {
    const { url, seen } = await aTokenServer(() => ({ body: answered }));
    const context = aContext({ auth_mode: 'AWS_SIGV4', token_url: url }, { client, connectionConfig: { external_id: 'acme-1', service: 's3' } });
    const outcome = await tokenFor(awsSigV4, context, grant);
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toMatchObject({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::123456789012:role/nango',
      ExternalId: 'acme-1',
    });
    expect(seen[0]?.headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/sts\/aws4_request, /);
    expect(outcome).toEqual({
      kind: 'issued',
      connectionConfig: {},
      credentials: {
        type: 'AWS_SIGV4',
        role_arn: 'arn:aws:iam::123456789012:role/nango',
        region: 'eu-west-1',
        service: 's3',
        access_key_id: 'ASIA1',
        secret_access_key: 'sk/1+',
        session_token: 'st==',
        expires_at: new Date('2026-01-01T01:00:00Z'),
      },
    });
  });

  it('goes to the region’s endpoint, and to the global one where no region is named', async () => {
    const urls: string[] = [];
    const send: TokenContext['send'] = async ({ url, headers }) => {
      urls.push(`${url} ${/Credential=[^/]*\/\d*\/([^/]*)/.exec(headers['authorization'] ?? '')?.[1]}`);
      return { status: 200, headers: {}, text: answered };
    };
    const context = aContext({ auth_mode: 'AWS_SIGV4' }, { client, send });
    await awsSigV4.ask(context, grant);
    await awsSigV4.ask(context, login('AWS_SIGV4', { role_arn: 'arn:aws:iam::1:role/x' }));
    expect(urls).toEqual(['https://sts.eu-west-1.amazonaws.com eu-west-1', 'https://sts.amazonaws.com us-east-1']);
  });

  it('says why the role may not be assumed', async () => {
    const error =
      '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>';
    const { url } = await aTokenServer(() => ({ status: 403, body: error }));
    const outcome = await tokenFor(awsSigV4, aContext({ auth_mode: 'AWS_SIGV4', token_url: url }, { client }), grant);
    expect(outcome).toEqual({ kind: 'failed', status: 403, reason: 'AccessDenied: not authorized to perform: sts:AssumeRole' });
  });

  it('asks nobody without keys of the integration', async () => {
    await expect(awsSigV4.ask(aContext({ auth_mode: 'AWS_SIGV4' }), grant)).rejects.toMatchObject({ code: 'token_request_failed' });
  });
});
