import { randomUUID } from 'node:crypto';
import { DashboardEnvironment } from 'model/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSignedInBrowser, type Browser } from '../../../test/dashboard.js';
import { aServer, type TestServer } from '../../../test/server.js';

describe('the jail of an environment', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await aServer();
    browser = await aSignedInBrowser(server);
  });
  afterAll(() => server?.close());

  const settings = async (env = 'dev') => DashboardEnvironment.parse((await browser.ask(`/environment?env=${env}`)).body);
  const change = (body: unknown) => browser.ask('/environment/jail?env=dev', { method: 'PATCH', body });

  it('is changed field by field, for this environment alone', async () => {
    expect((await settings()).jail).toEqual({ jailReuse: 'connection', limits: {} });
    expect((await change({ limits: { heapMb: 256, wallMs: { action: 60_000 } } })).body).toEqual({
      jailReuse: 'connection',
      limits: { heapMb: 256, wallMs: { action: 60_000 } },
    });
    expect((await change({ jailReuse: 'never' })).status).toBe(200);
    expect((await settings()).jail).toEqual({ jailReuse: 'never', limits: { heapMb: 256, wallMs: { action: 60_000 } } });
    expect((await settings('prod')).jail).toEqual({ jailReuse: 'connection', limits: {} });
  });

  it.each([{ jailReuse: 'always' }, { limits: { heapMb: 1 } }, { limits: { speed: 9 } }, { other: 1 }])('is not %j', async (body) => {
    expect(await change(body)).toMatchObject({ status: 400, body: { error: { code: 'invalid_body' } } });
  });

  it('is nobody else to change', async () => {
    const answer = await server.ask('/api/v1/environment/jail?env=dev', { method: 'PATCH', body: { jailReuse: 'never' } });
    expect(answer.status).toBe(401);
  });

  it('is told with the walls of the runners that were heard of lately', async () => {
    const longAgo = new Date(Date.now() - 3_600_000);
    await server.database.runner.createMany({
      data: [
        { id: randomUUID(), tier: 'process', details: 'old', seenAt: longAgo },
        { id: randomUUID(), tier: 'kernel', details: 'bubblewrap, seccomp' },
        { id: randomUUID(), tier: 'kernel', details: 'bubblewrap, seccomp' },
        { id: randomUUID(), tier: 'process', details: 'weak' },
      ],
    });
    expect((await settings()).runners).toEqual([
      { tier: 'process', details: 'weak' },
      { tier: 'kernel', details: 'bubblewrap, seccomp' },
    ]);
  });
});
