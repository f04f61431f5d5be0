import { BlockList, isIPv4 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EgressGuard, type Resolver } from './guard.js';

/** The special-purpose registries of IANA (RFC 6890 and after) as they stand, multicast and what is reserved; of IPv6 only 2000::/3 is given out. */
const special4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16
  198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32`.split(/\s+/);
const special6 = '::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 3fff::/20'.split(' ');

/** A list for each kind: in one, a range of IPv6 would also match IPv4 in its mapped form. */
const closed = { ipv4: listOf(special4, 'ipv4'), ipv6: listOf(special6, 'ipv6') };

function listOf(ranges: string[], kind: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) list.addSubnet(range.split('/')[0] ?? '', Number(range.split('/')[1]), kind);
  return list;
}

const isOpen = (address: string): boolean => (isIPv4(address) ? !closed.ipv4.check(address, 'ipv4') : !closed.ipv6.check(address, 'ipv6'));

const number4 = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const text4 = (n: number): string => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');

/** As often special as not, and often just beside a border. */
const address4 = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }).map((n) => text4(n)),
  fc.tuple(fc.constantFrom(...special4), fc.integer({ min: -3, max: 300 })).map(([range, step]) => text4((number4(range.split('/')[0] ?? '') + step) >>> 0)),
);
const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
const address6 = fc.oneof(
  fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
  fc
    .tuple(
      fc.constantFrom(
        '2606:4700',
        '2a00:1450',
        '2001:4860',
        '2001:0',
        '2001:db8',
        '2001:1',
        '2001:2',
        '2001:20',
        '2001:4',
        '2001:1ff',
        '2001:200',
        '2620:4f',
        '2002:7f00',
        'fe80:0',
        'fc00:0',
        'fd00:ec2',
        'ff02:0',
        'fec0:0',
        '64:ff9b',
        '3fff:1',
      ),
      group,
      group,
    )
    .map(([head, one, two]) => `${head}:${one}:0:0:0:${two}:1`),
  address4.map((address) => `::ffff:${address}`),
  address4.map((address) => `::${address}`),
  address4.map((address) => `64:ff9b::${address}`),
  address4.map((address) => `2002:${(number4(address) >>> 16).toString(16)}:${(number4(address) & 0xffff).toString(16)}::1`),
);

/** The same address as somebody would write it who wants to get past a filter. */
const spelled4 = fc
  .tuple(address4, fc.constantFrom('dotted', 'decimal', 'hex', 'octal', 'short', 'wide', 'circled', 'dot at its end'))
  .map(([address, spelling]) => {
    const parts = address.split('.').map(Number);
    const n = number4(address);
    if (spelling === 'decimal') return { host: String(n), address };
    if (spelling === 'hex') return { host: `0x${n.toString(16)}`, address };
    if (spelling === 'octal') return { host: parts.map((part) => `0${part.toString(8)}`).join('.'), address };
    if (spelling === 'short') return { host: `${parts[0]}.${n % 0x1000000}`, address };
    if (spelling === 'wide') return { host: address.replaceAll('.', '。'), address };
    if (spelling === 'circled') return { host: address.replaceAll(/[1-9]/g, (digit) => String.fromCodePoint(0x2460 + Number(digit) - 1)), address };
    return { host: spelling === 'dotted' ? address : `${address}.`, address };
  });
const spelled6 = address6.map((address) => ({ host: `[${address}]`, address }));
const around = fc.record({
  scheme: fc.constantFrom('http', 'https', 'HTTP'),
  user: fc.constantFrom('', 'user@', 'api.example.com@', 'a:b@'),
  port: fc.constantFrom('', ':80', ':8443', ':5432'),
  path: fc.constantFrom('', '/', '/a?b=c', '#@api.example.com/'),
});

const urlOf = ({ scheme, user, port, path }: { scheme: string; user: string; port: string; path: string }, host: string): string =>
  `${scheme}://${user}${host}${port}${path}`;

describe('S-04 the open internet', () => {
  it('is what the guard takes for it, for 1,000 addresses in all their spellings', () => {
    const guard = new EgressGuard();
    const verdict = (url: string): boolean => {
      try {
        guard.check(url);
        return true;
      } catch {
        return false;
      }
    };
    const seen = { open: 0, closed: 0 };
    fc.assert(
      fc.property(around, fc.oneof(spelled4, spelled6), (where, { host, address }) => {
        const url = urlOf(where, host);
        expect(URL.canParse(url)).toBe(true);
        seen[isOpen(address) ? 'open' : 'closed']++;
        expect([url, verdict(url)]).toEqual([url, isOpen(address)]);
      }),
      { numRuns: 1_000, seed: 4 },
    );
    expect(Math.min(seen.open, seen.closed)).toBeGreaterThan(100);
  });

  it('is all that a name may resolve to, for 1,000 names with one to three addresses', async () => {
    let addresses: string[] = [];
    const resolve: Resolver = () => Promise.resolve(addresses.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 })));
    const guard = new EgressGuard({ resolve });
    const seen = { open: 0, closed: 0 };
    await fc.assert(
      fc.asyncProperty(around, fc.array(fc.oneof(address4, address6), { minLength: 1, maxLength: 3 }), async (where, answer) => {
        addresses = answer;
        const { hostname, port } = guard.check(urlOf(where, 'api.example.com'));
        const pinned = await guard.addressesOf(hostname, port || '80').then(
          (all) => all.map(({ address }) => address),
          ({ code }: { code: string }) => code,
        );
        const expected = answer.every(isOpen);
        seen[expected ? 'open' : 'closed']++;
        expect(pinned).toEqual(expected ? answer : 'url_not_allowed');
      }),
      { numRuns: 1_000, seed: 4 },
    );
    expect(Math.min(seen.open, seen.closed)).toBeGreaterThan(100);
  });
});
