import { describe, expect, it } from 'vitest';
import { integrationProvider, parseTemplate } from './integration-provider.js';
import type { Provider } from './provider.js';

const entry = {
  name: 'any-api',
  display_name: 'Any API',
  auth_mode: 'OAUTH2',
  authorization_url: '${integrationConfig.authorizationUrl}',
  token_url: '${integrationConfig.tokenUrl}',
  refresh_url: '${integrationConfig.refreshUrl}',
  token_request_auth_method: '${integrationConfig.clientAuthentication}',
  disable_pkce: '${integrationConfig.withoutPkce}',
  token_expires_in_ms: '${integrationConfig.lifeMs}',
  token_params: { audience: '${integrationConfig.audience}', nested: ['${integrationConfig.audience}', 'kept'] },
  integration_config: {
    authorizationUrl: { title: 'Authorization URL', example: 'https://example.com/authorize' },
    tokenUrl: { title: 'Token URL', example: 'https://example.com/token' },
    refreshUrl: { title: 'Refresh URL', optional: true, example: 'https://example.com/refresh' },
    clientAuthentication: { title: 'Client authentication', default_value: 'basic', enum: ['basic', 'body'] },
    withoutPkce: { title: 'Without PKCE', optional: true, example: 'true' },
    lifeMs: { title: 'Life', optional: true, example: '60000' },
    audience: { title: 'Audience', optional: true, example: 'api' },
    headerName: { title: 'Header', optional: true, example: 'x-token' },
  },
  proxy: {
    base_url: 'https://api.example.com/${connectionConfig.account}',
    headers: { '${integrationConfig.headerName} || x-api-key': '${integrationConfig.audience} || ${accessToken}' },
  },
};
const template = (): Provider => {
  const result = parseTemplate(entry);
  if (!result.success) throw result.error;
  return result.data;
};
const urls = { authorizationUrl: 'https://own.example/authorize', tokenUrl: 'https://own.example/token' };

describe('an entry that is specialised for an integration', () => {
  it('has the integration’s values, defaults elsewhere, and nothing where a value is not set', () => {
    const provider = integrationProvider(template(), urls);
    expect(provider).toMatchObject({ authorization_url: urls.authorizationUrl, token_url: urls.tokenUrl, token_request_auth_method: 'basic' });
    for (const key of ['refresh_url', 'disable_pkce', 'token_expires_in_ms']) expect(provider).not.toHaveProperty(key);
    expect(provider.token_params).toEqual({ nested: ['kept'] });
  });

  it('keeps other placeholders, and of alternatives those that are known', () => {
    const { proxy } = integrationProvider(template(), urls);
    expect(proxy).toEqual({ base_url: 'https://api.example.com/${connectionConfig.account}', headers: { 'x-api-key': '${accessToken}' } });
    const { proxy: named } = integrationProvider(template(), { ...urls, headerName: 'x-own', audience: 'a' });
    expect(named?.headers).toEqual({ 'x-own || x-api-key': 'a || ${accessToken}' });
  });

  it('turns text into the numbers and switches that the schema wants', () => {
    const provider = integrationProvider(template(), { ...urls, withoutPkce: 'true', lifeMs: '5000', clientAuthentication: 'body' });
    expect(provider).toMatchObject({ disable_pkce: true, token_expires_in_ms: 5000, token_request_auth_method: 'body' });
  });

  it('is refused where a value does not fit', () => {
    expect(() => integrationProvider(template(), { ...urls, clientAuthentication: 'magic' })).toThrow(/token_request_auth_method/);
    expect(() => integrationProvider(template(), { ...urls, lifeMs: 'soon' })).toThrow(/token_expires_in_ms/);
  });

  it('is made once per set of values, whatever their order', () => {
    const base = template();
    expect(integrationProvider(base, urls)).toBe(integrationProvider(base, { tokenUrl: urls.tokenUrl, authorizationUrl: urls.authorizationUrl }));
  });

  it('keeps the placeholder of a required field that has no value yet, so that no example is ever called', () => {
    expect(template().token_url).toBe('${integrationConfig.tokenUrl}');
    expect(JSON.stringify({ ...template(), integration_config: {} })).not.toContain('example.com/token');
  });

  it('is the entry itself where it has no values of integrations', () => {
    const plain = { name: 'a', display_name: 'A', auth_mode: 'NONE' } as const;
    expect(integrationProvider(plain, { x: '1' })).toBe(plain);
  });
});
