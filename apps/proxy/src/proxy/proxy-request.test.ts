import { describe, expect, it } from 'vitest';
import { readProxyRequest } from './proxy-request.js';

const names = { 'connection-id': 'c', 'provider-config-key': 'p' };
const read = (headers: Record<string, string>, url = '/proxy/x') => readProxyRequest(url, { ...names, ...headers });

describe('a request to /proxy', () => {
  it('is a path and the query as it was sent', () => {
    expect(read({}, '/proxy/a/b%2Fc?x=1&x=%20?y')).toMatchObject({ endpoint: '/a/b%2Fc', query: 'x=1&x=%20?y' });
    expect(read({}, '/proxy')).toMatchObject({ endpoint: '', query: undefined });
  });

  it('forwards what has the prefix and what describes the body, nothing else', () => {
    const sent = {
      'nango-proxy-x-tenant': 't',
      'nango-proxy-authorization': 'Bearer own',
      'content-type': 'text/csv',
      authorization: 'Bearer key',
      cookie: 'c',
      'x-other': 'o',
    };
    expect(read(sent).headers).toEqual({ 'x-tenant': 't', authorization: 'Bearer own', 'content-type': 'text/csv' });
  });

  it('keeps the boundary of a form whose type is asked for without one', () => {
    const form = 'multipart/form-data; boundary=x';
    const typeOf = (sent: string, asked: string) => read({ 'content-type': sent, 'nango-proxy-content-type': asked }).headers['content-type'];
    expect(typeOf(form, 'multipart/form-data')).toBe(form);
    expect(typeOf(form, 'Multipart/Form-Data; boundary=y')).toBe('Multipart/Form-Data; boundary=y');
    expect(typeOf(form, 'text/csv')).toBe('text/csv');
    expect(typeOf('application/json', 'multipart/form-data')).toBe('multipart/form-data');
  });

  it.each([
    [undefined, 20_000],
    ['wait=120', 120_000],
    ['respond-async, Wait = 5', 5_000],
    ['wait=0', 0],
    ['await=7', 20_000],
    ['wait=soon', 20_000],
  ])('that prefers %s waits %i ms for a place', (prefer, longestWaitMs) => {
    expect(read(prefer === undefined ? {} : { prefer })).toMatchObject({ longestWaitMs, headers: {} });
  });

  it('never lets a caller set what belongs to the connection', () => {
    expect(
      read({ 'nango-proxy-host': 'x', 'nango-proxy-content-length': '9', 'nango-proxy-transfer-encoding': 'chunked', 'nango-proxy-': 'x' }).headers,
    ).toEqual({});
  });

  it('reads retries, statuses, override and decoding', () => {
    expect(
      read({
        retries: '3',
        'retry-on': '429, 503',
        'base-url-override': 'https://x.example',
        decompress: 'TRUE',
        'timeout-ms': '500',
        'forward-headers-on-redirect': 'false',
      }),
    ).toMatchObject({
      retries: 3,
      retryOn: [429, 503],
      baseUrlOverride: 'https://x.example',
      decoded: true,
      timeoutMs: 500,
      forwardHeadersOnRedirect: false,
    });
  });

  it('takes empty headers as not set', () => {
    expect(read({ retries: '', 'retry-on': ' ', 'base-url-override': '', decompress: '' })).toMatchObject({
      retries: 0,
      retryOn: undefined,
      baseUrlOverride: undefined,
      decoded: undefined,
      timeoutMs: undefined,
    });
  });

  it.each([
    [{ 'connection-id': '' }, 'missing_connection_id'],
    [{ 'provider-config-key': '' }, 'missing_provider_config_key'],
    [{ retries: 'many' }, 'invalid_headers'],
    [{ retries: '-1' }, 'invalid_headers'],
    [{ 'retry-on': '429,x' }, 'invalid_headers'],
    [{ 'timeout-ms': '0' }, 'invalid_headers'],
    [{ 'timeout-ms': '9999999' }, 'invalid_headers'],
    [{ 'timeout-ms': '1s' }, 'invalid_headers'],
    [{ decompress: 'gzip' }, 'invalid_headers'],
  ])('%o is refused as %s', (headers, code) => {
    expect(() => read(headers)).toThrow(expect.objectContaining({ code, status: 400 }));
  });
});
