import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestProxy, type TestConnection } from '../test/proxy.js';

describe('a token endpoint that takes its time', () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  const tokenCalls = () => proxy.upstream.seen.filter(({ url }) => url === '/oauth/token');
  const tokens = JSON.stringify({ access_token: 'new', refresh_token: 'refresh-2', expires_in: 3600 });
  beforeAll(async () => {
    proxy = await TestProxy.start();
  });
  afterAll(() => proxy?.stop());
  beforeEach(async () => {
    proxy.upstream.seen.length = 0;
    connection = await proxy.aConnection({
      provider: 'demo-tracker-oauth',
      credentials: { type: 'OAUTH2', access_token: 'old', refresh_token: 'refresh-1', expires_at: new Date(), raw: {} },
      oauthClient: { id: 'client', secret: 'secret' },
    });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['never answers', () => undefined],
    ['answers a byte at a time', (response) => dribble(response, tokens)],
  ])('R-05 is given up after fifteen seconds when it %s', async (_, respond) => {
    proxy.upstream.answers('/oauth/token', (__, response) => respond(response));
    const from = performance.now();
    const answer = await proxy.call(connection, '/items');
    expect(performance.now() - from).toBeLessThan(17_000);
    expect([answer.status, ((await answer.json()) as { error: { message: string } }).error.message]).toEqual([424, expect.stringContaining('in time')]);
    expect((await proxy.call(connection, '/items')).status).toBe(424);
    expect(tokenCalls()).toHaveLength(1);
  });
});

function dribble(response: ServerResponse, text: string): void {
  let at = 0;
  const timer = setInterval(() => void response.write(text[at++ % text.length]), 1_000);
  response.on('close', () => clearInterval(timer));
}
