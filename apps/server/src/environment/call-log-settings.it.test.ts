import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DashboardEnvironment } from 'model/dashboard';
import { aSignedInBrowser } from '../../test/dashboard.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('how an environment logs its calls', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());
  const change = (body: unknown) => server.ask('/environment/calls', { method: 'PATCH', body });

  it('is: all of them, until another share is set, for this environment alone', async () => {
    expect((await server.ask('/environment/calls')).body).toEqual({ log_percent: 100 });
    expect((await change({ log_percent: 5 })).body).toEqual({ log_percent: 5 });
    expect((await change({})).body).toEqual({ log_percent: 5 });
    expect((await server.ask('/environment/calls', { as: 'prod' })).body).toEqual({ log_percent: 100 });
  });

  it('can be set in the dashboard too', async () => {
    const browser = await aSignedInBrowser(server);
    expect((await browser.ask('/environment/calls?env=dev', { method: 'PATCH', body: { log_percent: 20 } })).body).toEqual({ log_percent: 20 });
    expect(DashboardEnvironment.parse((await browser.ask('/environment?env=dev')).body).calls).toEqual({ log_percent: 20 });
  });

  it.each([{ log_percent: 101 }, { log_percent: -1 }, { log_percent: 1.5 }, { log_percent: 'all' }])('is no %j', async (body) => {
    expect((await change(body)).body.error.code).toBe('invalid_body');
  });

  it('is nobody’s to see without a key', async () => {
    expect((await server.ask('/environment/calls', { as: null })).status).toBe(401);
  });
});
