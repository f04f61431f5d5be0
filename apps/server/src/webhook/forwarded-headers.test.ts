import { expect, it } from 'vitest';
import { forwardedHeaders } from './forwarded-headers.js';

it('passes on what the provider says, and nothing about the way here', () => {
  const stay = {
    host: 'h',
    authorization: 'a',
    connection: 'close',
    'keep-alive': '1',
    'content-length': '1',
    'content-type': 'x',
    'content-encoding': 'gzip',
    cookie: 'c',
    'set-cookie': ['s'],
    referer: 'r',
    'user-agent': 'u',
    'sec-fetch-mode': 'x',
    'proxy-authorization': 'p',
    'www-authenticate': 'w',
    server: 's',
    'transfer-encoding': 'chunked',
    te: 'trailers',
  };
  expect(forwardedHeaders({ ...stay, 'x-github-event': 'push', 'x-list': ['a', 'b'], 'x-none': undefined, 'telemetry-id': 't' })).toEqual({
    'x-github-event': 'push',
    'x-list': 'a, b',
    'telemetry-id': 't',
  });
});
