import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ProxyProcess } from '../test/proxy-process.js';
import { TestProxy } from '../test/proxy.js';
import { StrictTokens } from '../test/strict-tokens.js';
import { json } from '../test/upstream.js';

const oauthClient = { id: 'client', secret: 'secret' };

describe('an expired token that four processes ask for with 25 callers each', () => {
  let proxy: TestProxy;
  let processes: ProxyProcess[] = [];
  beforeAll(async () => {
    proxy = await TestProxy.start();
    processes = await Promise.all(Array.from({ length: 4 }, () => ProxyProcess.start(proxy.settings)));
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await proxy?.stop();
  });

  const callAll = async (tokens: StrictTokens) => {
    const credentials = { type: 'OAUTH2' as const, access_token: 'old', refresh_token: tokens.refreshToken, expires_at: new Date(Date.now() - 1_000), raw: {} };
    const connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials, oauthClient });
    proxy.upstream.answers('/oauth/token', tokens.answer);
    proxy.upstream.answers('/items', ({ headers }, response) => json(headers.authorization === 'Bearer access-1' ? 200 : 401, {})({} as never, response)); // `json` looks at no request
    return Promise.all(processes.flatMap(({ url }) => Array.from({ length: 25 }, async () => (await proxy.call(connection, '/items', {}, url)).status)));
  };

  it('R-01 is renewed by exactly one call of a strictly rotating token endpoint', async () => {
    const tokens = new StrictTokens();
    expect(await callAll(tokens)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(tokens).toMatchObject({ calls: 1, doubleUses: 0, isRevoked: false });
  });

  it.runIf(inject('long'))('R-02 is renewed by exactly one call of a token endpoint that takes 12 seconds', async () => {
    const tokens = new StrictTokens();
    tokens.afterSpending = () => new Promise((resolve) => setTimeout(resolve, 12_000));
    expect(await callAll(tokens)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(tokens).toMatchObject({ calls: 1, doubleUses: 0, isRevoked: false });
  });
});
