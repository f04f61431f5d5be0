import { describe, expect, it } from 'vitest';
import { findProvider } from './catalogue.js';
import type { Provider } from './provider.js';
import { buildBaseUrl, buildUrl, tokenUrlOf } from './provider-url.js';

const zendesk = findProvider('zendesk') as Provider; // in the catalogue, as its test shows
const privateApi = findProvider('private-api-bearer') as Provider;

describe('the base URL', () => {
  it('holds what the connection says, without slashes at its end', () => {
    expect(buildBaseUrl(zendesk, { connectionConfig: { subdomain: 'acme' } })).toEqual({ kind: 'known', url: 'https://acme.zendesk.com' });
    expect(buildBaseUrl(privateApi, { connectionConfig: { baseUrl: 'https://api.example/v2//' } })).toEqual({ kind: 'known', url: 'https://api.example/v2' });
  });

  it('is missing by name where the connection does not say it', () => {
    expect(buildBaseUrl(privateApi, { connectionConfig: {} })).toEqual({ kind: 'missing', names: ['connectionConfig.baseUrl'] });
  });

  it('is none for a provider without an API of its own', () => {
    expect(buildBaseUrl(findProvider('unauthenticated') as Provider, {})).toEqual({ kind: 'none' });
  });

  it.each(['evil.example/', 'evil.example?', 'evil.example#', 'x@evil.example/', 'evil.example\\', 'a b', 'evil.example:443/'])(
    'is refused when a subdomain is %j',
    (subdomain) => {
      expect(buildBaseUrl(zendesk, { connectionConfig: { subdomain } }).kind).toBe('refused');
      expect(buildUrl(tokenUrlOf(zendesk, 'OAUTH2') ?? '', { connectionConfig: { subdomain } }).kind).toBe('refused');
    },
  );
});

describe('the token endpoint of an entry', () => {
  const base = { name: 'x', display_name: 'X', auth_mode: 'CUSTOM' } as const;

  it('is one for all modes, or one for each', () => {
    expect(tokenUrlOf({ ...base, token_url: 'https://a.example' }, 'APP')).toBe('https://a.example');
    const two = { ...base, token_url: { OAUTH2: 'https://a.example', APP: 'https://b.example' } };
    expect([tokenUrlOf(two, 'OAUTH2'), tokenUrlOf(two, 'APP'), tokenUrlOf(base, 'APP')]).toEqual(['https://a.example', 'https://b.example', undefined]);
  });
});
