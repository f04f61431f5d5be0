import { describe, expect, it } from 'vitest';
import { callerHeaders, shortHeaders } from './answer-headers.js';

describe("an upstream's headers", () => {
  it('reach the caller without cookies, what is of one connection, and what would speak for us', () => {
    const headers = {
      link: '<x>',
      'x-ratelimit-remaining': '3',
      'content-length': '5',
      'set-cookie': ['a=1'],
      connection: 'close',
      'nango-call': 'x',
      'access-control-allow-origin': 'y',
    };
    expect(callerHeaders(headers, 'as-sent')).toEqual({ link: '<x>', 'x-ratelimit-remaining': '3', 'content-length': '5' });
  });

  it('say nothing of an encoding that was undone', () => {
    expect(callerHeaders({ 'content-encoding': 'gzip', 'content-length': '5', etag: 'x' }, 'decoded')).toEqual({ etag: 'x' });
  });

  it('never hold what Node refuses to write', () => {
    expect(callerHeaders({ bad: 'a\u0001b', good: 'é' }, 'as-sent')).toEqual({ good: 'é' });
  });

  it('fit into one header, the longest being left out', () => {
    expect(shortHeaders({ long: 'x'.repeat(9_000), short: 'y' }, 'as-sent')).toEqual({ short: 'y' });
  });
});
