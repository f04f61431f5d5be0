import { randomUUID } from 'node:crypto';
import { watchConnections } from 'egress/testing';
import { DeliveryAnswer } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { forHeader, SsrfStand } from '../test/ssrf-stand.js';

const numbers = Array.from({ length: 64 }, (_, index) => index + 1);

type Verdict = { status: number; code: string | undefined };
const verdictOf = async (answer: Response): Promise<Verdict> => ({
  status: answer.status,
  code: ((await answer.json()) as { error?: { code?: string } }).error?.code,
});

describe('S-01 no way out leads to', () => {
  let stand: SsrfStand;
  let proxy: TestProxy;
  let connection: TestConnection;
  let token: string;
  beforeAll(async () => {
    stand = await SsrfStand.start();
    ({ proxy } = stand);
    connection = await proxy.aConnection();
    token = (await proxy.anExecution(connection)).token;
  });
  afterAll(() => stand?.stop());

  const scriptCall = async (call: object) => verdictOf(await proxy.inside('calls', token, { call: randomUUID(), method: 'GET', endpoint: '/x', ...call }));
  const ways: Record<string, (url: string) => Promise<Verdict>> = {
    "the proxy, to a connection's own API": async (url) => verdictOf(await proxy.call(await proxy.aConnection({ connectionConfig: { baseUrl: url } }), '/x')),
    "the proxy's override": async (url) => verdictOf(await proxy.call(connection, '/x', { headers: { 'base-url-override': forHeader(url) } })),
    "a script's override (E35)": (baseUrlOverride) => scriptCall({ baseUrlOverride }),
    "a script's uncontrolled fetch": (endpoint) => scriptCall({ endpoint, uncontrolled: true }),
    'a redirect of the API': async (url) => verdictOf(await proxy.call(connection, `/redirect?to=${encodeURIComponent(url)}`, { redirect: 'manual' })),
    'a webhook to the customer': async (url) => {
      const answer = await proxy.inside('deliveries', proxy.serviceToken('orchestrator'), {
        environmentId: proxy.environments.dev.id,
        url,
        headers: {},
        body: '{}',
      });
      const { status, error } = DeliveryAnswer.parse(await answer.json());
      return { status: status ?? 400, code: error?.split(':')[0] };
    },
  };
  /** `missing_api_url`: what is no URL of the web can be no API's address either. */
  const refusals = new Set(['url_not_allowed', 'missing_api_url']);

  it.each(Object.entries(ways))('any of the 64 targets: %s', { timeout: 60_000 }, async (_, way) => {
    const reached: unknown[] = [];
    const strange = await stand.strangeConnections(async () => {
      for (const { number, url } of stand.targets) {
        const { status, code } = await way(url);
        if (status !== 400 || !refusals.has(code ?? '')) reached.push({ number, url, status, code });
      }
    });
    expect(stand.targets.map(({ number }) => number)).toEqual(numbers);
    expect([reached, strange, stand.sinkConnections]).toEqual([[], [], 0]);
  });

  it('and the same listener is reached, and the attempt seen, once the operator opens it', async () => {
    const open = await TestProxy.start({ NANGO_EGRESS_ALLOW: `127.0.0.1:${stand.sinkPort}` });
    const watch = watchConnections();
    const answer = await open.call(await open.aConnection(), '/x', { headers: { 'base-url-override': `http://127.0.0.1:${stand.sinkPort}` } });
    watch.stop();
    expect([answer.status, await answer.text(), stand.sinkConnections]).toEqual([200, 'inside', 1]);
    expect(watch.attempts).toContain(`127.0.0.1:${stand.sinkPort}`);
    await open.stop();
  });
});
