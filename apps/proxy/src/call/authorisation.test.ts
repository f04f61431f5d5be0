import { findProvider, type Provider } from 'providers';
import type { Credentials } from 'model';
import { describe, expect, it } from 'vitest';
import { authorisationOf as authorise, isPerCall, placeholderValues } from './authorisation.js';

const provider = (name: string): Provider => findProvider(name) as Provider; // all of these are in the catalogue
const authorisationOf = (of: Provider, credentials: Credentials, connectionConfig: Record<string, unknown>) =>
  authorise(of, credentials, placeholderValues({ credentials, connectionConfig }));
const apiKey = { type: 'API_KEY', apiKey: 'k' } as const;

describe('what a connection adds to its calls', () => {
  it('is a bearer token for OAuth 2.0', () => {
    expect(authorisationOf(provider('asana'), { type: 'OAUTH2', access_token: 't', raw: {} }, {}).headers).toEqual({ authorization: 'Bearer t' });
  });

  it('is user name and password for BASIC, also when one is empty', () => {
    expect(authorisationOf(provider('twilio'), { type: 'BASIC', username: 'u', password: '' }, {}).headers).toEqual({ authorization: 'Basic dTo=' });
  });

  it('is what the provider says for an API key', () => {
    expect(authorisationOf(provider('stripe'), apiKey, {}).headers).toEqual({ authorization: 'Bearer k' });
    expect(authorisationOf(provider('private-api-generic'), apiKey, {}).headers).toEqual({ 'x-api-key': 'k' });
    const config = { headerName: 'Authorization', headerPrefix: 'Token ' };
    expect(authorisationOf(provider('private-api-generic'), apiKey, config).headers).toEqual({ authorization: 'Token k' });
  });

  it("lets the provider's own header win, and puts keys into the query where it wants them", () => {
    const odd: Provider = {
      name: 'odd',
      display_name: 'Odd',
      auth_mode: 'OAUTH2',
      proxy: { base_url: 'https://x.example', headers: { authorization: 'OAuth ${accessToken}' }, query: { key: '${accessToken}' } },
    };
    expect(authorisationOf(odd, { type: 'OAUTH2', access_token: 'a&b', raw: {} }, {})).toEqual({
      headers: { authorization: 'OAuth a&b' },
      query: [['key', 'a&b']],
    });
  });

  it('leaves out what needs a value that the connection lacks', () => {
    const credentials = { type: 'OAUTH2', access_token: 't', raw: {} } as const;
    expect(authorisationOf(provider('xero'), credentials, {}).headers).toEqual({ authorization: 'Bearer t', accept: 'application/json' });
    expect(authorisationOf(provider('xero'), credentials, { tenant_id: 'x' }).headers).toMatchObject({ 'xero-tenant-id': 'x' });
  });

  it('is nothing without credentials', () => {
    expect(authorisationOf(provider('unauthenticated'), { type: 'NONE' }, {})).toEqual({ headers: {}, query: [] });
  });

  describe('by auth mode', () => {
    const plain: Provider = { name: 'plain', display_name: 'Plain', auth_mode: 'CUSTOM', proxy: { base_url: 'https://x.example' } };
    const login = { username: 'u', password: 'p' };
    const raw = {};
    it.each<[Credentials, string | undefined]>([
      [{ type: 'APP', access_token: 'a', raw }, 'Bearer a'],
      [{ type: 'APP_STORE', access_token: 'a', private_key: 'k', raw }, 'Bearer a'],
      [{ type: 'OAUTH2_CC', token: 't', client_id: 'i', client_secret: 's', raw }, 'Bearer t'],
      [{ type: 'JWT', token: 't' }, 'Bearer t'],
      [{ type: 'SIGNATURE', ...login, token: 't' }, 'Bearer t'],
      [{ type: 'TWO_STEP', token: 't', raw }, 'Bearer t'],
      [{ type: 'TABLEAU', pat_name: 'n', pat_secret: 's', token: 't', raw }, 'Bearer t'],
      [{ type: 'JWT' }, undefined],
      [{ type: 'BILL', ...login, organization_id: 'o', dev_key: 'd', raw }, undefined],
      [{ type: 'CUSTOM', raw }, undefined],
      [{ type: 'OAUTH1', oauth_token: 't', oauth_token_secret: 's', raw }, undefined],
      [{ type: 'TBA', token_id: 't', token_secret: 's', config_override: {} }, undefined],
    ])('%j', (credentials, header) => {
      expect(authorisationOf(plain, credentials, {}).headers['authorization']).toBe(header);
    });

    it.each([{ cookie: 'session=${token}' }, { 'x-tableau-auth': '${accessToken}' }])(
      'is not a bearer token where the provider carries it in %j',
      (headers) => {
        const own = { ...plain, proxy: { base_url: 'https://x.example', headers } };
        const made = authorisationOf(own, { type: 'TWO_STEP', token: 't', raw }, {}).headers;
        expect(made).toEqual(Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.replace(/\$\{\w+\}/, 't')])));
      },
    );

    it('may take any field of the credential, the metadata and the client', () => {
      const proxy = {
        base_url: 'https://x.example',
        headers: { session: '${session_id}', dev: '${credentials.dev_key}', team: '${metadata.team}', id: '${clientId}' },
      };
      const credentials: Credentials = { type: 'BILL', ...login, organization_id: 'o', dev_key: 'd', session_id: 's', raw };
      const values = placeholderValues({ credentials, connectionConfig: {}, metadata: { team: 'red' }, client: { id: 'c', secret: 'x' } });
      expect(authorise({ ...plain, proxy }, credentials, values).headers).toEqual({ session: 's', dev: 'd', team: 'red', id: 'c' });
    });
  });

  it.each([
    ['${now}', true],
    ['${hmacSha1Hex(${method}${path},${credentials.key})}', true],
    ['${base64(${username}:${now:X})}', true],
    ['${apiKey}', false],
    ['${connectionConfig.hostname}', false],
    ['method ${apiKey}', false],
  ])('%s makes it one of each call: %s', (template, expected) => {
    const of: Provider = { name: 'x', display_name: 'X', auth_mode: 'API_KEY', proxy: { base_url: 'https://x.example', headers: { h: template } } };
    expect(isPerCall(of)).toBe(expected);
  });
});
