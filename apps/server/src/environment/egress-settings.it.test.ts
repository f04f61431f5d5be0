import { DashboardEnvironment } from 'model/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSignedInBrowser } from '../../test/dashboard.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('where the calls of an environment may go', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());
  const change = (body: unknown, as: 'dev' | 'prod' | null = 'dev') => server.ask('/environment/egress', { method: 'PATCH', body, as });

  it('is anywhere at first, and a change touches the list that it names, in this environment alone', async () => {
    expect((await server.ask('/environment/egress')).body).toEqual({ allow: [], deny: [] });
    expect((await change({ allow: [' api.hubapi.com', '*.example.com:8443'] })).body).toEqual({ allow: ['api.hubapi.com', '*.example.com:8443'], deny: [] });
    expect((await change({ deny: ['10.0.0.0/8'] })).body).toEqual({ allow: ['api.hubapi.com', '*.example.com:8443'], deny: ['10.0.0.0/8'] });
    expect((await change({ allow: [] })).body).toEqual({ allow: [], deny: ['10.0.0.0/8'] });
    expect((await server.ask('/environment/egress', { as: 'prod' })).body).toEqual({ allow: [], deny: [] });
  });

  it('is refused with the entry that is no good, and stays as it was', async () => {
    const answer = await change({ deny: ['ok.example', 'https://api.example.com/v1'] });
    expect([answer.status, answer.body.error]).toMatchObject([
      400,
      { code: 'invalid_body', errors: [{ path: ['deny', 1], message: expect.stringContaining("'https://api.example.com/v1' is a URL") }] },
    ]);
    expect((await change({ allowed: [] })).body.error.code).toBe('invalid_body');
    expect((await server.ask('/environment/egress')).body).toEqual({ allow: [], deny: ['10.0.0.0/8'] });
  });

  it('is nobody’s to see or change without a key', async () => {
    expect((await server.ask('/environment/egress', { as: null })).status).toBe(401);
    expect((await change({ allow: [] }, null)).status).toBe(401);
  });

  it('is told and changed in the dashboard, too', async () => {
    const browser = await aSignedInBrowser(server);
    expect((await browser.ask('/environment/egress?env=dev', { method: 'PATCH', body: { allow: ['api.example.com'] } })).status).toBe(200);
    expect(DashboardEnvironment.parse((await browser.ask('/environment?env=dev')).body).egress).toEqual({ allow: ['api.example.com'], deny: ['10.0.0.0/8'] });
    expect((await browser.ask('/environment/egress?env=dev', { method: 'PATCH', body: { allow: ['a b'] } })).body).toMatchObject({
      error: { errors: [{ message: expect.stringContaining("'a b' is no host") }] },
    });
  });
});
