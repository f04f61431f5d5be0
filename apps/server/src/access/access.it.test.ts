import { randomUUID } from 'node:crypto';
import { hashKey } from 'credentials';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aServer, type TestServer } from '../../test/server.js';

describe('access to the public API', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());

  const asking = (authorization?: string) => server.ask('/environment', { as: null, headers: authorization === undefined ? {} : { authorization } });

  it('is open to a secret key, which decides the environment', async () => {
    expect((await server.ask('/environment')).body).toMatchObject({ name: 'dev', public_key: server.environments.dev.publicKey });
    expect((await server.ask('/environment', { as: 'prod' })).body).toMatchObject({ name: 'prod' });
  });

  it.each([
    ['missing_auth_header', undefined],
    ['malformed_auth_header', 'Basic abc'],
    ['malformed_auth_header', 'Bearer'],
    ['invalid_secret_key_format', 'Bearer abc'],
    ['unknown_account', `Bearer ${randomUUID()}`],
  ])('is refused with %s', async (code, header) => {
    const answer = await asking(header);
    expect(answer.status).toBe(401);
    expect(answer.body.error.code).toBe(code);
  });

  it('refuses the public key of an environment', async () => {
    expect((await asking(`Bearer ${server.environments.dev.publicKey}`)).body.error.code).toBe('unknown_account');
  });

  it('ends with a key that was replaced by another process', async () => {
    const { id } = await server.database.environment.create({
      data: {
        accountId: (await server.database.account.findFirstOrThrow()).id,
        name: 'rotating',
        secretKeyHash: new Uint8Array(hashKey('old-key')),
        secretKey: '',
        publicKey: randomUUID(),
      },
    });
    expect((await asking('Bearer old-key')).status).toBe(200);
    await server.database.environment.update({ where: { id }, data: { secretKeyHash: new Uint8Array(hashKey('new-key')) } });
    await server.database.$executeRaw`select pg_notify('configuration', ${`environment:${id}`})`;
    await vi.waitFor(async () => expect((await asking('Bearer old-key')).status).toBe(401));
    expect((await asking('Bearer new-key')).status).toBe(200);
  });

  it('needs no key for the health check', async () => {
    expect((await server.ask('/health', { as: null })).body).toEqual({ result: 'ok' });
  });

  it('is open to pages of any origin', async () => {
    const preflight = await server.ask('/records', {
      as: null,
      method: 'OPTIONS',
      headers: {
        origin: 'https://a.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,connection-id,nango-is-sync',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('nango-is-sync');
    expect(preflight.headers.get('access-control-max-age')).toBe('600');
    const answer = await server.ask('/environment', { headers: { origin: 'https://a.example' } });
    expect(answer.headers.get('access-control-expose-headers')).toContain('X-Nango-Signature');
  });

  it('answers an unknown route with not_found', async () => {
    const answer = await server.ask('/no-such-route');
    expect([answer.status, answer.body.error.code]).toEqual([404, 'not_found']);
  });

  it('stores secret keys only as a hash and sealed', async () => {
    const row = await server.database.environment.findUniqueOrThrow({ where: { id: server.environments.dev.id } });
    expect(JSON.stringify(row)).not.toContain(server.environments.dev.secretKey);
    expect(Buffer.from(row.secretKeyHash)).toEqual(hashKey(server.environments.dev.secretKey));
  });
});
