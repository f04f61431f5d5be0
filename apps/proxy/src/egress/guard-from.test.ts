import { describe, expect, it } from 'vitest';
import { guardFrom } from './guard-from.js';

const settings = { NANGO_EGRESS_ALLOW: '', NANGO_EGRESS_DENY: '', NANGO_EGRESS_DNS: '', NANGO_SERVER_URL: undefined };
const refused = expect.objectContaining({ code: 'url_not_allowed' });

describe('the way out as the operator sets it', () => {
  it.each([
    [{ NANGO_EGRESS_ALLOW: '10.0.0.0/33' }, /NANGO_EGRESS_ALLOW: '10\.0\.0\.0\/33'/],
    [{ NANGO_EGRESS_DENY: 'http://x' }, /NANGO_EGRESS_DENY: 'http:\/\/x'/],
    [{ NANGO_EGRESS_DNS: 'resolver.example' }, /NANGO_EGRESS_DNS: .*resolver\.example/],
    [{ NANGO_SERVER_URL: 'platform.example' }, /NANGO_SERVER_URL: 'platform\.example' is no URL/],
  ])('names what is no good in %j', (bad, message) => {
    expect(() => guardFrom({ ...settings, ...bad })).toThrow(message);
  });

  it('does not lead to the platform itself, on the ports that its URL means', () => {
    const guard = guardFrom({ ...settings, NANGO_SERVER_URL: 'https://platform.example', NANGO_EGRESS_ALLOW: 'platform.example:443' });
    for (const url of ['https://platform.example/proxy/x', 'http://PLATFORM.example./', 'https://user@platform.example:443/'])
      expect(() => guard.check(url)).toThrow(refused);
    expect(guard.check('https://platform.example:8443/').port).toBe('8443');
    expect(() => guardFrom({ ...settings, NANGO_SERVER_URL: 'http://platform.example:3003/' }).check('http://platform.example:3003')).toThrow(refused);
  });
});
