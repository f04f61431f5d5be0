import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import type { Credentials } from 'model';
import { describe, expect, it } from 'vitest';
import { findProvider } from 'providers';
import type { LoginType, TokenContext, TokenGrant, TokenOutcome } from '../token-request.js';
import { appStore } from './app-store.js';
import { jwt } from './jwt.js';
import type { ModeTokens } from './mode.js';
import { signature, wsseToken } from './signature.js';
import { aContext } from './test/token-server.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pkcs8 = (key: typeof rsa.privateKey): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const receivedAt = new Date();
const login = (type: LoginType, fields: Record<string, unknown>): TokenGrant => ({ kind: 'login', type, fields });
const nothingSent = (): never => {
  throw new Error('a token that is signed here needs no request');
};

function known(name: string, connectionConfig: Record<string, unknown> = {}): TokenContext {
  const provider = findProvider(name);
  if (!provider) throw new Error(`${name} is no entry`);
  return { ...aContext({ auth_mode: 'NONE' }), provider, connectionConfig, send: nothingSent };
}

async function made(mode: ModeTokens, context: TokenContext, grant: TokenGrant): Promise<Extract<TokenOutcome, { kind: 'issued' }>> {
  const outcome = mode.read(context, grant, await mode.ask(context, grant), receivedAt);
  if (outcome.kind !== 'issued') throw new Error(outcome.reason);
  return outcome;
}

function tokenIn(credentials: Credentials): string {
  const { token, access_token } = credentials as { token?: string; access_token?: string }; // each mode has one of them
  return token ?? access_token ?? '';
}

describe('the JWT mode', () => {
  const ghostKey = `6748592f4b9b7700010f6564:${'b1'.repeat(32)}`;

  it('splits the key of a Ghost site into its id and its secret', async () => {
    const context = known('ghost-admin', { adminDomain: 'blog.example', version: 'v5.0' });
    const { credentials } = await made(jwt, context, login('JWT', { privateKey: ghostKey }));
    const token = tokenIn(credentials);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', kid: '6748592f4b9b7700010f6564', typ: 'JWT' });
    const { payload } = await jwtVerify(token, Buffer.from('b1'.repeat(32), 'hex'), { audience: '/admin/' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
    expect(payload.iat).toBeLessThanOrEqual(Date.now() / 1000);
    expect(credentials).toMatchObject({ type: 'JWT', privateKey: ghostKey, expires_at: new Date(receivedAt.getTime() + 290_000) });
  });

  it('names the account, the user and the key to Snowflake', async () => {
    const context = known('snowflake-jwt', { subdomain: 'acme-main' });
    const { credentials } = await made(jwt, context, login('JWT', { accountIdentifier: 'acme-main', userName: 'robot', privateKey: pkcs8(rsa.privateKey) }));
    const { payload } = await jwtVerify(tokenIn(credentials), rsa.publicKey, { algorithms: ['RS256'] });
    const fingerprint = createHash('sha256')
      .update(rsa.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64');
    expect(payload).toMatchObject({ iss: `ACME-MAIN.ROBOT.SHA256:${fingerprint}`, sub: 'ACME-MAIN.ROBOT' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(3600);
  });

  it('signs with an elliptic curve for Apple, and leaves out the scope that is not set', async () => {
    const fields = { issuerId: '57246542-96fe-1a63-e053-0824d011072a', privateKeyId: '2X9R4HXF34', privateKey: pkcs8(ec.privateKey) };
    const { credentials } = await made(jwt, known('apple-app-store'), login('JWT', fields));
    const { payload, protectedHeader } = await jwtVerify(tokenIn(credentials), ec.publicKey, { audience: 'appstoreconnect-v1' });
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: '2X9R4HXF34', typ: 'JWT' });
    expect(payload).toMatchObject({ iss: fields.issuerId });
    expect(payload).not.toHaveProperty('scope');
    const scoped = await made(jwt, known('apple-app-store', { scope: 'GET /v1/apps' }), login('JWT', fields));
    expect((await jwtVerify(tokenIn(scoped.credentials), ec.publicKey)).payload).toMatchObject({ scope: ['GET /v1/apps'] });
  });

  it.each([
    ['PKCS #1', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['escaped line breaks', pkcs8(rsa.privateKey).replaceAll('\n', '\\n')],
    ['lost line breaks', pkcs8(rsa.privateKey).replaceAll('\n', ' ')],
    ['base64 alone', rsa.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')],
  ])('takes a key as it was pasted: %s', async (_, privateKey) => {
    const entry = { auth_mode: 'JWT', signature: { protocol: 'RSA' }, token: { payload: { iss: 'me' } } };
    const { credentials } = await made(jwt, aContext(entry), login('JWT', { privateKey }));
    await expect(jwtVerify(tokenIn(credentials), createPublicKey(rsa.privateKey))).resolves.toBeDefined();
  });

  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const encrypted = rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
  it.each([
    ['a public key', 'RSA', rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(), /privateKey must be an RSA private key .*BEGIN PRIVATE KEY/],
    ['a key of the other kind', 'RSA', pkcs8(ec.privateKey), /privateKey must be an RSA private key/],
    ['the other way round', 'EC', pkcs8(rsa.privateKey), /privateKey must be an elliptic curve private key/],
    ['a key with a passphrase', 'RSA', encrypted, /without a passphrase/],
    ['a key that is too short', 'RSA', pkcs8(weak.privateKey), /cannot sign with RS256/],
    ['a password', 'RSA', 'hunter2-hunter2', /privateKey must be/],
    ['nothing', 'RSA', undefined, /privateKey is required/],
  ])('refuses %s, naming the field and the right form and never the key', async (_, protocol, privateKey, message) => {
    const entry = { auth_mode: 'JWT', signature: { protocol }, token: { payload: { iss: 'me' } } };
    const error: unknown = await jwt.ask(aContext(entry), login('JWT', { privateKey })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'invalid_credential_format', message: expect.stringMatching(message), errors: [{ path: ['privateKey'] }] });
    expect(error).not.toHaveProperty('cause');
    expect(JSON.stringify(error)).not.toContain(privateKey?.slice(-60, -40) || 'hunter2');
  });

  it('refuses a Ghost key without its id, or with a secret that is not hexadecimal', async () => {
    const context = known('ghost-admin', { adminDomain: 'blog.example' });
    await expect(jwt.ask(context, login('JWT', { privateKey: 'b1b1' }))).rejects.toMatchObject({ message: 'privateKey must be two parts joined by a colon' });
    await expect(jwt.ask(context, login('JWT', { privateKey: 'id:xyz' }))).rejects.toMatchObject({
      message: 'privateKey must be written in hexadecimal digits',
    });
  });

  it('makes no token for an entry that does not say how', async () => {
    await expect(jwt.ask(aContext({ auth_mode: 'JWT' }), login('JWT', {}))).rejects.toMatchObject({ code: 'token_request_failed' });
  });
});

describe('the APP_STORE mode', () => {
  const fields = { privateKeyId: 'K1', privateKey: pkcs8(ec.privateKey), issuerId: 'i1', scope: 'GET /v1/apps, GET /v1/builds' };

  it('signs a token of twenty minutes, and keeps the key under the credential’s names', async () => {
    const { credentials } = await made(appStore, aContext({ auth_mode: 'APP_STORE' }), login('APP_STORE', fields));
    const { payload, protectedHeader } = await jwtVerify(tokenIn(credentials), ec.publicKey, { audience: 'appstoreconnect-v1', issuer: 'i1' });
    expect(protectedHeader.kid).toBe('K1');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(1200);
    expect(payload['scope']).toEqual(['GET /v1/apps', 'GET /v1/builds']);
    expect(credentials).toMatchObject({ private_key_id: 'K1', issuer_id: 'i1', expires_at: new Date(receivedAt.getTime() + 1_170_000) });
    const { type: _, ...kept } = credentials;
    await expect(made(appStore, aContext({ auth_mode: 'APP_STORE' }), login('APP_STORE', kept))).resolves.toMatchObject({ kind: 'issued' });
  });

  it('refuses a key that is none, and a missing issuer', async () => {
    const context = aContext({ auth_mode: 'APP_STORE' });
    await expect(appStore.ask(context, login('APP_STORE', { ...fields, privateKey: 'abc' }))).rejects.toMatchObject({ code: 'invalid_credential_format' });
    await expect(appStore.ask(context, login('APP_STORE', { ...fields, issuerId: '' }))).rejects.toMatchObject({ message: 'issuerId is required' });
  });
});

describe('the SIGNATURE mode', () => {
  it('makes the header as Emarsys documents it', () => {
    const created = new Date('2014-03-20T12:51:45.123Z');
    const token = wsseToken({ username: 'customer001', secret: 'customersecret', nonce: 'd36e316282959a9ed4c89851497a717f', created });
    const digest = createHash('sha1').update('d36e316282959a9ed4c89851497a717f2014-03-20T12:51:45Zcustomersecret').digest('hex');
    expect(token).toBe(
      `UsernameToken Username="customer001", PasswordDigest="${Buffer.from(digest).toString('base64')}", Nonce="d36e316282959a9ed4c89851497a717f", Created="2014-03-20T12:51:45Z"`,
    );
  });

  it('gives each token a nonce of its own and an end before the API’s clock runs out', async () => {
    const grant = login('SIGNATURE', { username: 'u', password: 'p' });
    const first = await made(signature, known('emarsys'), grant);
    const second = await made(signature, known('emarsys'), grant);
    expect(first.credentials).toMatchObject({ username: 'u', password: 'p', expires_at: new Date(receivedAt.getTime() + 240_000) });
    expect(tokenIn(first.credentials)).not.toBe(tokenIn(second.credentials));
  });

  it('refuses a user name that would break out of the header', async () => {
    await expect(signature.ask(aContext({ auth_mode: 'SIGNATURE' }), login('SIGNATURE', { username: 'a"b', password: 'p' }))).rejects.toMatchObject({
      message: 'username must not hold a quotation mark',
    });
  });
});
