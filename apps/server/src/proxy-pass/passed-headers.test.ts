import { describe, expect, it } from 'vitest';
import { passedHeaders } from './passed-headers.js';

describe('headers that are handed on', () => {
  it('keep their spelling, order and repetitions', () => {
    const raw = ['Nango-Proxy-X-Trace', 'a', 'Set-Cookie', '1', 'Set-Cookie', '2'];
    expect(passedHeaders(raw)).toEqual(raw);
  });

  it('are without those of the connection, and those that it names', () => {
    expect(passedHeaders(['Connection', 'close, X-Hop', 'x-hop', '1', 'Keep-Alive', 'timeout=5', 'Transfer-Encoding', 'chunked', 'Accept', '*/*'])).toEqual([
      'Accept',
      '*/*',
    ]);
  });

  it('are without those that the caller drops', () => {
    expect(passedHeaders(['Host', 'a', 'Accept', 'b'], ['host'])).toEqual(['Accept', 'b']);
  });
});
