import { DeliveryAnswer } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProxy } from '../test/proxy.js';
import { json } from '../test/upstream.js';

describe('a webhook to a customer', () => {
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await TestProxy.start();
  });
  afterAll(() => proxy?.stop());
  const send = (request: object, token = proxy.serviceToken('orchestrator')) =>
    proxy.inside('deliveries', token, {
      environmentId: proxy.environments.dev.id,
      url: `${proxy.upstream.url}/hook`,
      headers: { 'webhook-signature': 'v1,x' },
      body: '{"a": 1}',
      ...request,
    });
  const deliver = async (request: object) => DeliveryAnswer.parse(await (await send(request)).json());

  it('arrives as it stands, with its headers', async () => {
    proxy.upstream.answers('/hook', json(202, {}));
    expect(await deliver({})).toEqual({ status: 202, error: null, durationMs: expect.any(Number) });
    expect(proxy.upstream.last).toMatchObject({ method: 'POST', headers: { 'webhook-signature': 'v1,x', 'content-type': 'application/json' } });
    expect(proxy.upstream.last.body.toString()).toBe('{"a": 1}');
  });

  it('tells the status of a receiver that refuses it, and does not try again', async () => {
    proxy.upstream.answers('/hook', json(500, {}));
    const before = proxy.upstream.seen.length;
    expect((await deliver({})).status).toBe(500);
    expect(proxy.upstream.seen.length).toBe(before + 1);
  });

  it.each([301, 302, 307, 308])('follows the receiver with body and signature (%i)', async (status) => {
    proxy.upstream.answers('/hook', (_, response) => void response.writeHead(status, { location: '/moved' }).end());
    expect((await deliver({})).status).toBe(200);
    expect(proxy.upstream.last).toMatchObject({ method: 'POST', url: '/moved', headers: { 'webhook-signature': 'v1,x' } });
    expect(proxy.upstream.last.body.toString()).toBe('{"a": 1}');
  });

  it('gives up on a receiver that does not answer', async () => {
    proxy.upstream.answers('/hook', () => undefined);
    expect(await deliver({ timeoutMs: 300 })).toMatchObject({ status: null, error: expect.stringContaining('upstream_timeout') });
  });

  it('sends user name and password of the URL as such', async () => {
    proxy.upstream.answers('/hook', json(200, {}));
    await deliver({ url: `${proxy.upstream.url.replace('//', '//ada:p%40ss@')}/hook` });
    expect(proxy.upstream.last.headers.authorization).toBe(`Basic ${btoa('ada:p@ss')}`);
  });

  it.each(['http://127.0.0.1:5432/', 'http://169.254.169.254/', 'http://localhost/', 'file:///etc/passwd', 'nonsense'])('never goes to %s', async (url) => {
    expect(await deliver({ url })).toMatchObject({ status: null, error: expect.stringContaining('url_not_allowed') });
  });

  it('is sent for services that may, and for nobody else', async () => {
    expect((await send({}, proxy.serviceToken('runner'))).status).toBe(403);
    expect((await send({}, '')).status).toBe(401);
    expect((await send({ url: 1 })).status).toBe(400);
  });
});
