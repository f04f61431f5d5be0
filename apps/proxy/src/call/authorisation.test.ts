import { findProvider, type Provider } from 'providers';
import { describe, expect, it } from 'vitest';
import { authorisationOf } from './authorisation.js';

const provider = (name: string): Provider => findProvider(name) as Provider; // all of these are in the catalogue
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
    expect(authorisationOf(odd, { type: 'OAUTH2', access_token: 'a&b', raw: {} }, {})).toEqual({ headers: { authorization: 'OAuth a&b' }, query: 'key=a%26b' });
  });

  it('leaves out what needs a value that the connection lacks', () => {
    const credentials = { type: 'OAUTH2', access_token: 't', raw: {} } as const;
    expect(authorisationOf(provider('xero'), credentials, {}).headers).toEqual({ authorization: 'Bearer t', accept: 'application/json' });
    expect(authorisationOf(provider('xero'), credentials, { tenant_id: 'x' }).headers).toMatchObject({ 'xero-tenant-id': 'x' });
  });

  it('is nothing without credentials', () => {
    expect(authorisationOf(provider('unauthenticated'), { type: 'NONE' }, {})).toEqual({ headers: {}, query: '' });
  });
});
