import { findProvider, type Provider } from 'providers';
import { describe, expect, it } from 'vitest';
import { refreshRequest } from './refresh-request.js';

const build = (name: string, connectionConfig = {}) =>
  refreshRequest({ provider: findProvider(name) as Provider, connectionConfig, clientId: 'id', clientSecret: 's&c', refreshToken: 'old' }); // all in the catalogue

describe('a refresh', () => {
  it('asks for a refresh, whatever the exchange of codes asks for, with the client in the body', () => {
    const { url, headers, body } = build('asana');
    expect(url).toBe('https://app.asana.com/-/oauth_token');
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ grant_type: 'refresh_token', refresh_token: 'old', client_id: 'id', client_secret: 's&c' });
    expect(headers).toMatchObject({ accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' });
    expect(headers['authorization']).toBeUndefined();
  });

  it('has the client in a header, and the body in JSON, where the provider wants that', () => {
    const { headers, body } = build('notion');
    expect(headers).toMatchObject({ authorization: `Basic ${Buffer.from('id:s&c').toString('base64')}`, 'content-type': 'application/json' });
    expect(JSON.parse(body)).toEqual({ grant_type: 'refresh_token', refresh_token: 'old' });
  });

  it("goes to the connection's own endpoint", () => {
    expect(build('zendesk', { subdomain: 'acme' }).url).toBe('https://acme.zendesk.com/oauth/tokens');
  });

  it.each([{}, { subdomain: 'evil.example/' }])('is not sent where the endpoint cannot be told: %o', (config) => {
    expect(() => build('zendesk', config)).toThrow(expect.objectContaining({ code: 'missing_api_url' }));
  });
});
