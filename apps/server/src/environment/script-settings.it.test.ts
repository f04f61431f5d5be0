import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, type TestServer } from '../../test/server.js';

describe('the script settings of an environment', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());

  const off = { use_other_connections: false, validate_action_input: false, validate_action_output: false, validate_sync_records: false };

  it('are all off at first, and a change touches only what it names', async () => {
    expect((await server.ask('/environment/scripts')).body).toEqual(off);
    const answer = await server.ask('/environment/scripts', { method: 'PATCH', body: { validate_action_input: true } });
    expect([answer.status, answer.body]).toEqual([200, { ...off, validate_action_input: true }]);
    expect((await server.ask('/environment/scripts', { method: 'PATCH', body: { use_other_connections: true } })).body).toEqual({
      ...off,
      validate_action_input: true,
      use_other_connections: true,
    });
    expect((await server.ask('/environment/scripts', { as: 'prod' })).body).toEqual(off);
  });

  it('are nobody’s without a key, and take nothing but yes and no', async () => {
    expect((await server.ask('/environment/scripts', { as: null })).status).toBe(401);
    expect((await server.ask('/environment/scripts', { method: 'PATCH', body: { use_other_connections: 'perhaps' } })).body.error.code).toBe('invalid_body');
  });
});
