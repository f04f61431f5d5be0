import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EgressGuard } from './guard.js';
import { parseHostList } from './host-list.js';
import { nameServers } from './name-servers.js';
import { sendGuarded } from './redirect.js';
import { NameServer, watchConnections } from './testing/index.js';
import { Upstream } from './test/upstream.js';

const tries = 1_000;
/** Stands for an address of the open internet: what the name answers at first. */
const open = '127.0.0.2';
const inside = '127.0.0.1';

describe('S-02 a name that resolves to something else each time it is asked', () => {
  let names: NameServer;
  let upstream: Upstream;
  let guard: EgressGuard;
  beforeAll(async () => {
    names = await NameServer.start((_, turn) => [turn % 2 === 0 ? open : inside]);
    upstream = await Upstream.start((_, response) => response.writeHead(200, { connection: 'close' }).end('reached'));
    guard = new EgressGuard({ resolve: nameServers(names.address), allow: parseHostList(`${open}/32`, 'test') });
  });
  afterAll(async () => {
    await guard.close();
    await upstream.stop();
    await names.stop();
  });

  it(`never leads inside, in ${tries} tries`, { timeout: 60_000 }, async () => {
    const watch = watchConnections();
    const one = async (n: number): Promise<string> => {
      // Twenty names of a kind, so that many questions about the same one are open at once.
      const url = new URL(`http://rebind-${n % 20}.example:${upstream.port}/`);
      const answer = await sendGuarded(guard, { url, method: 'GET', headers: {}, body: null }).catch((error: { code?: string }) => error.code ?? 'unknown');
      return typeof answer === 'string' ? answer : String(await answer.bytes(100));
    };
    const outcomes: string[] = [];
    for (let n = 0; n < tries; n += 50) outcomes.push(...(await Promise.all(Array.from({ length: 50 }, (_, index) => one(n + index)))));
    watch.stop();
    const came = (outcome: string) => outcomes.filter((other) => other === outcome).length;
    expect([came('reached') + came('url_not_allowed'), came('reached') > 0, came('url_not_allowed') > 0]).toEqual([tries, true, true]);
    expect(new Set(watch.attempts)).toEqual(new Set([`${open}:${upstream.port}`]));
    expect(new Set(upstream.seen.map(({ localAddress }) => localAddress))).toEqual(new Set([open]));
    expect(names.asked.length).toBeGreaterThanOrEqual(tries);
  });

  it('is asked anew for each connection, and once for each', async () => {
    const before = names.asked.length;
    await sendGuarded(guard, { url: new URL(`http://fresh.example:${upstream.port}/`), method: 'GET', headers: {}, body: null });
    expect(names.asked.slice(before).toSorted()).toEqual(['A fresh.example', 'AAAA fresh.example']);
  });
});
