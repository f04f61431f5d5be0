import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EgressGuard, openPolicies, type Resolver } from './guard.js';
import { parseHostList } from './host-list.js';
import { sendGuarded } from './redirect.js';
import { Upstream } from './test/upstream.js';

const addresses: Record<string, string> = {
  'api.example.com': '93.184.215.14',
  'hubapi.com': '93.184.215.14',
  'inside.example': '127.0.0.1',
  'secret.example': '127.0.0.1',
};
const resolve: Resolver = (name) => Promise.resolve([{ address: addresses[name] ?? '93.184.215.99', family: 4 }]);

describe("an environment's rules", () => {
  const guard = new EgressGuard({ resolve, allow: parseHostList('127.0.0.1,inside.example,secret.example', 'test') });
  afterAll(() => guard.close());

  /** Why a URL is refused beneath these rules; nothing where it is not. */
  const refusal = async (rules: { allow?: string[]; deny?: string[] }, text: string): Promise<string | undefined> => {
    const narrow = guard.under({ allow: [], deny: [], ...rules });
    try {
      const { hostname, port } = narrow.check(text);
      await narrow.addressesOf(hostname, port || '80');
      return undefined;
    } catch (error) {
      return (error as Error).message; // an AppError
    }
  };

  it('are forgotten, with their connections, when so many others were used since', async () => {
    const whole = new EgressGuard();
    const under = (index: number) => whole.under({ allow: [], deny: [`host-${index}.example`] });
    const [used, unused] = [under(0), under(1)];
    for (let index = 2; index < openPolicies; index++) under(index);
    expect([under(0) === used, under(1) === unused]).toEqual([true, true]);
    under(0);
    for (let index = 2; index < openPolicies + 1; index++) under(index);
    expect(under(0)).toBe(used);
    await expect.poll(() => 'closed' in unused.dispatcher && unused.dispatcher.closed).toBe(true);
    expect('closed' in used.dispatcher && used.dispatcher.closed).toBe(false);
    expect(under(1)).not.toBe(unused);
    await whole.close();
  });

  it('open nothing that the platform refuses', async () => {
    for (const [allow, url] of [
      ['10.0.0.0/8', 'http://10.0.0.1/'],
      ['localhost', 'http://localhost/'],
      ['169.254.169.254', 'http://169.254.169.254/'],
    ] as const)
      expect(await refusal({ allow: [allow] }, url)).toContain('not on the open internet');
  });

  it('with an allow-list close everything else, by name, by domain, by port and by address', async () => {
    const allow = ['api.example.com', '*.hubapi.com', 'x.example:8443', '93.184.215.99/32'];
    const open = ['https://api.example.com/', 'https://eu.hubapi.com/', 'https://x.example:8443/', 'https://resolves-there.example/', 'https://93.184.215.99/'];
    for (const url of open) expect([url, await refusal({ allow }, url)]).toEqual([url, undefined]);
    const shut = ['https://hubapi.com/', 'https://93.184.215.98/', 'http://127.0.0.1/'];
    for (const url of shut) expect(await refusal({ allow }, url)).toContain("is not on the environment's allow-list");
    expect(await refusal({ allow: ['*.hubapi.com'] }, 'https://api.example.com/')).toContain("'api.example.com' is not on the environment's allow-list");
  });

  it('with a deny-list close what it names, also what the allow-list names, and what resolves to it', async () => {
    const deny = ['api.example.com', '93.184.215.99', '127.0.0.0/8'];
    for (const url of ['https://api.example.com/', 'https://93.184.215.99/', 'https://resolves-there.example/', 'http://127.0.0.1/', 'http://inside.example/'])
      expect(await refusal({ deny, allow: ['api.example.com', '0.0.0.0/0', 'inside.example'] }, url)).toContain("is on the environment's deny-list");
    expect(await refusal({ deny: ['*.example.com'] }, 'https://api.example.com/')).toContain('deny-list');
    expect(await refusal({ deny: ['api.example.com:8443'] }, 'https://api.example.com/')).toBeUndefined();
  });

  it('are none where both lists are empty, and the same guard for the same lists', () => {
    expect(guard.under({ allow: [], deny: [] })).toBe(guard);
    expect(guard.under({ allow: ['a.example'], deny: [] })).toBe(guard.under({ allow: ['a.example'], deny: [] }));
  });

  describe('hold for connections', () => {
    let upstream: Upstream;
    let target: Upstream;
    beforeAll(async () => {
      target = await Upstream.start((_, response) => response.end('there'));
      upstream = await Upstream.start((_, response) => response.writeHead(307, { location: target.url }).end());
    });
    afterAll(async () => {
      await upstream.stop();
      await target.stop();
    });
    const send = (under: EgressGuard, url: string) => sendGuarded(under, { url: new URL(url), method: 'GET', headers: {}, body: null });

    it('also where another environment has left one open', async () => {
      const url = `http://secret.example:${target.port}/`;
      expect(String(await (await send(guard, url)).bytes(100))).toBe('there');
      const before = target.seen.length;
      await expect(send(guard.under({ allow: [], deny: ['127.0.0.1/32'] }), url)).rejects.toMatchObject({ code: 'url_not_allowed' });
      expect(target.seen.length).toBe(before);
    });

    it('and for every hop of a redirect', async () => {
      const narrow = guard.under({ allow: [`127.0.0.1:${upstream.port}`], deny: [] });
      await expect(send(narrow, upstream.url)).rejects.toMatchObject({ code: 'url_not_allowed', message: expect.stringContaining('allow-list') });
    });
  });
});
