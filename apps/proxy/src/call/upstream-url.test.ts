import { describe, expect, it } from 'vitest';
import { apiRoot, upstreamUrl } from './upstream-url.js';

const slack = 'https://slack.com/api';

describe('the URL of a call', () => {
  it.each([
    [slack, '/chat.postMessage', 'https://slack.com/api/chat.postMessage'],
    [slack, 'chat.postMessage', 'https://slack.com/api/chat.postMessage'],
    [slack, '/api/chat.postMessage', 'https://slack.com/api/chat.postMessage'],
    [slack, 'https://slack.com/api/chat.postMessage', 'https://slack.com/api/chat.postMessage'],
    [slack, '/https://slack.com/api/chat.postMessage', 'https://slack.com/api/chat.postMessage'],
    [slack, '/https:/slack.com/api/chat.postMessage', 'https://slack.com/api/chat.postMessage'],
    [slack, '/apiary', 'https://slack.com/api/apiary'],
    [slack, '/api', 'https://slack.com/api'],
    [slack, '/api?x=1', 'https://slack.com/api?x=1'],
    [slack, '', 'https://slack.com/api'],
    [`${slack}/`, '/chat.postMessage', 'https://slack.com/api/chat.postMessage'],
    ['https://app.asana.com', '/api/1.0/workspaces', 'https://app.asana.com/api/1.0/workspaces'],
    ['https://api.example:8443/v1', '/v1/items', 'https://api.example:8443/v1/items'],
    ['https://api.example', '//evil.example/x', 'https://api.example//evil.example/x'],
    ['https://api.example', '@evil.example/x', 'https://api.example/@evil.example/x'],
    ['https://api.example', ':80@evil.example', 'https://api.example/:80@evil.example'],
    ['https://api.example', '/a%2Fb%20c', 'https://api.example/a%2Fb%20c'],
  ])('%s with %s is %s', (base, endpoint, url) => {
    expect(upstreamUrl(apiRoot(base), { endpoint }).href).toBe(url);
  });

  it('keeps the query as it was sent, after one of the endpoint', () => {
    expect(upstreamUrl(apiRoot(slack), { endpoint: '/x', query: 'a=1&a=2&b=%2F+c&d' }).search).toBe('?a=1&a=2&b=%2F+c&d');
    expect(upstreamUrl(apiRoot(slack), { endpoint: '/x?page=2', query: 'a=1' }).search).toBe('?page=2&a=1');
  });

  it.each(['https://evil.example/x', 'http://slack.com/api/x', 'https://slack.com.evil.example/api', 'https://slack.com/apiary'])(
    'refuses to leave the API for %s',
    (endpoint) => {
      expect(() => upstreamUrl(apiRoot(slack), { endpoint })).toThrow(expect.objectContaining({ code: 'url_not_allowed' }));
    },
  );

  it('says so when the base is no URL', () => {
    expect(() => apiRoot('api.example')).toThrow(expect.objectContaining({ code: 'missing_api_url' }));
  });
});
