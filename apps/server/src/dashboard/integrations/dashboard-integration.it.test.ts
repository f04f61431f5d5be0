import { DashboardIntegrationDetail, DashboardProvider } from 'model/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSignedInBrowser, type Browser } from '../../../test/dashboard.js';
import { aServer, type TestServer } from '../../../test/server.js';

describe('the app of an integration in the dashboard', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await aServer();
    browser = await aSignedInBrowser(server);
  });
  afterAll(() => server?.close());

  const create = (body: object) => browser.ask('/integrations?env=dev', { method: 'POST', body });
  const change = (key: string, body: object) => browser.ask(`/integrations/${key}?env=dev`, { method: 'PATCH', body });
  const stored = async (key: string) => (await server.ask(`/integrations/${key}?include=credentials`)).body.data.credentials;
  const provider = async (name: string): Promise<DashboardProvider> => {
    const { providers } = (await browser.ask('/providers')).body;
    return DashboardProvider.parse(providers.find((one: { name: string }) => one.name === name));
  };

  it('keeps its secret when only the scopes change, and the old secret when a new one comes', async () => {
    const credentials = { type: 'OAUTH2', client_id: 'id', client_secret: 'first', scopes: 'repo' };
    await create({ unique_key: 'rotated', provider: 'github', credentials });
    const rescoped = DashboardIntegrationDetail.parse((await change('rotated', { credentials: { scopes: 'repo,gist' } })).body);
    expect(rescoped.app).toMatchObject({ clientId: 'id', scopes: 'repo,gist', hasClientSecret: true, previousSecretUntil: null });
    expect(await stored('rotated')).toMatchObject({ client_secret: 'first', scopes: 'repo,gist' });

    const rotated = await change('rotated', { credentials: { client_secret: 'second' } });
    const until = DashboardIntegrationDetail.parse(rotated.body).app.previousSecretUntil ?? '';
    expect(Date.parse(until) - Date.now()).toBeGreaterThan(6 * 86_400_000);
    expect(JSON.stringify(rotated.body)).not.toMatch(/first|second/);
    const again = await change('rotated', { credentials: { scopes: 'repo' } });
    expect(again.body.app.previousSecretUntil).toBe(until);
  });

  it('can be an app id with a private key, which stays when the link changes', async () => {
    const credentials = { type: 'APP', app_id: '7', app_link: 'https://a.example/app', private_key: 'hidden-key' };
    await create({ unique_key: 'app', provider: 'github-app', credentials });
    const changed = await change('app', { credentials: { app_link: 'https://b.example/app' } });
    expect(DashboardIntegrationDetail.parse(changed.body).app).toMatchObject({ appId: '7', appLink: 'https://b.example/app', hasPrivateKey: true });
    expect(JSON.stringify(changed.body)).not.toContain('hidden-key');
    expect(await stored('app')).toMatchObject({ private_key: 'hidden-key' });
  });

  it('says which field is missing or wrong', async () => {
    await create({ unique_key: 'empty', provider: 'github' });
    const paths = async (answer: Promise<{ body: { error: { errors: { path: string[] }[] } } }>) =>
      (await answer).body.error.errors.map(({ path }) => path.join('.'));
    expect(await paths(change('empty', { credentials: { client_id: 'id' } }))).toEqual(['credentials.client_secret']);
    expect(await paths(create({ unique_key: 'own', provider: 'private-api-oauth2', integration_config: { baseUrl: 'x' } }))).toEqual(
      expect.arrayContaining(['integration_config.baseUrl', 'integration_config.tokenUrl']),
    );
  });

  it('has the values that its provider asks for, and loses those that are emptied', async () => {
    const values = { baseUrl: 'https://api.example', authorizationUrl: 'https://a.example/authorize', tokenUrl: 'https://a.example/token', audience: 'us' };
    const made = await create({ unique_key: 'own-api', provider: 'private-api-oauth2', integration_config: values });
    expect(DashboardIntegrationDetail.parse(made.body).config).toMatchObject(values);
    const changed = await change('own-api', { integration_config: { audience: '', tokenUrl: 'https://b.example/token' } });
    expect(changed.body.config).toEqual({ baseUrl: values.baseUrl, authorizationUrl: values.authorizationUrl, tokenUrl: 'https://b.example/token' });
  });

  it('is told its own callback URL, also where the environment has set one', async () => {
    await create({ unique_key: 'called-back', provider: 'github' });
    const callbackUrl = async () => (await browser.ask('/integrations/called-back?env=dev')).body.callbackUrl;
    expect(await callbackUrl()).toMatch(/\/oauth\/callback$/);
    await browser.ask('/environment?env=dev', { method: 'PATCH', body: { callback_url: 'https://own.example/{integrationKey}/back' } });
    expect(await callbackUrl()).toBe('https://own.example/called-back/back');
    await browser.ask('/environment?env=dev', { method: 'PATCH', body: { callback_url: null } });
  });

  it.each([
    ['github', { client: 'required', appKey: false, redirects: true }],
    ['github-app', { client: 'none', appKey: true, redirects: true }],
    ['private-api-oauth2-cc', { client: 'optional', appKey: false, redirects: false }],
    ['private-api-bearer', { client: 'none', appKey: false, redirects: false }],
  ])('of %s needs what the provider list says', async (name, needs) => {
    expect(await provider(name)).toMatchObject(needs);
  });
});
