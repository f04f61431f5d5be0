import { describe, expect, it } from 'vitest';
import { parseHostList } from './host-list.js';

describe('a list of hosts', () => {
  it('takes hosts, hosts with ports and networks, with blanks and empty items', () => {
    const list = parseHostList(' localhost, API.corp.example.:8443 ,,10.0.0.0/8,[::1]:80,fd00::1,192.168.1.1 ', 'X');
    expect(list.hasHost('LOCALHOST.', '1')).toBe(true);
    expect(list.hasHost('api.corp.example', '8443')).toBe(true);
    expect(list.hasHost('api.corp.example', '443')).toBe(false);
    expect(list.hasHost('[::1]', '80')).toBe(true);
    expect(list.hasAddress('10.200.3.4', '1')).toBe(true);
    expect(list.hasAddress('11.0.0.1', '1')).toBe(false);
    expect(list.hasAddress('fd00:0::1', '1')).toBe(true);
    expect(list.hasAddress('192.168.1.1', '5')).toBe(true);
  });

  it('takes all below a domain, which is not the domain itself', () => {
    const list = parseHostList('*.Example.com,*.corp.example:8443', 'X');
    expect(['a.example.com', 'A.B.EXAMPLE.COM.'].map((host) => list.hasHost(host, '443'))).toEqual([true, true]);
    expect(['example.com', 'badexample.com', 'a.example.com.evil'].map((host) => list.hasHost(host, '443'))).toEqual([false, false, false]);
    expect([list.hasHost('x.corp.example', '8443'), list.hasHost('x.corp.example', '443')]).toEqual([true, false]);
  });

  it('is empty for an empty setting', () => {
    expect(parseHostList('', 'X').hasHost('localhost', '80')).toBe(false);
  });

  it.each(['10.0.0.0/33', 'http://localhost', 'a b', 'host:', 'host:0', 'host:70000', '10.0.0', '*', '*.', '*.10.0.0.1', '*.*.example', '[::1', 'host:80:90'])(
    'refuses %s, naming the setting',
    (item) => {
      expect(() => parseHostList(`ok.example,${item}`, 'NANGO_EGRESS_ALLOW')).toThrow(/NANGO_EGRESS_ALLOW: '/);
    },
  );
});
