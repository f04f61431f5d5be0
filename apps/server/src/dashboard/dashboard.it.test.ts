import { randomUUID } from 'node:crypto';
import {
  DashboardConnection,
  DashboardConnectionDetail,
  DashboardEnvironment,
  DashboardIntegration,
  DashboardIntegrationDetail,
  DashboardProvider,
} from 'model/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration, aSync, aSyncScript } from '../../test/builders.js';
import { aSignedInBrowser, type Browser } from '../../test/dashboard.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('the dashboard', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await aServer();
    browser = await aSignedInBrowser(server);
  });
  afterAll(() => server?.close());

  const syncRow = (id: string) => server.database.sync.findUniqueOrThrow({ where: { id } });
  const madeSync = async (environment: 'dev' | 'prod' = 'dev') => {
    const { id: integrationId } = await anIntegration(server, { environment });
    const connection = await aConnection(server, { environment, integrationId });
    const script = await aSyncScript(server, { environment, integrationId });
    return (await aSync(server, { environment, connectionId: connection.id, scriptId: script.id })).id;
  };

  describe('integrations', () => {
    it('are made, listed with what hangs on them, told and deleted', async () => {
      const credentials = { type: 'OAUTH2', client_id: 'id', client_secret: 'hidden-secret', scopes: 'repo' };
      const body = { unique_key: 'gh', provider: 'github', display_name: 'Ours', credentials };
      const made = await browser.ask('/integrations?env=dev', { method: 'POST', body });
      expect(made.status).toBe(201);
      const { id } = await server.database.integration.findFirstOrThrow({ where: { uniqueKey: 'gh' } });
      await aConnection(server, { integrationId: id });
      await aSyncScript(server, { integrationId: id, name: 'issues', models: ['Issue'] });

      const { integrations } = (await browser.ask('/integrations?env=dev')).body;
      expect(integrations.map((one: unknown) => DashboardIntegration.parse(one))).toContainEqual(
        expect.objectContaining({ uniqueKey: 'gh', provider: 'github', displayName: 'Ours', authMode: 'OAUTH2', connections: 1, scripts: 1 }),
      );
      const told = await browser.ask('/integrations/gh?env=dev');
      expect(DashboardIntegrationDetail.parse(told.body)).toMatchObject({
        app: { clientId: 'id', hasClientSecret: true, scopes: 'repo', previousSecretUntil: null, hasPrivateKey: false },
        callbackUrl: expect.stringMatching(/\/oauth\/callback$/),
        scripts: [{ name: 'issues', type: 'sync', runs: 'every 1h', models: ['Issue'], enabled: true, syncType: 'full' }],
      });
      expect(JSON.stringify(told.body)).not.toContain('hidden-secret');
      expect((await browser.ask('/integrations/gh?env=dev', { method: 'DELETE' })).status).toBe(204);
      expect((await browser.ask('/integrations/gh?env=dev')).status).toBe(404);
    });

    it('have settings for their webhooks; the secret never comes back', async () => {
      const { uniqueKey } = await anIntegration(server);
      const change = (body: object, env = 'dev') => browser.ask(`/integrations/${uniqueKey}?env=${env}`, { method: 'PATCH', body });
      expect((await browser.ask(`/integrations/${uniqueKey}?env=dev`)).body).toMatchObject({ forwardWebhooks: true, webhookSecret: 'missing' });
      const changed = await change({ webhook_secret: 'hidden-secret', forward_webhooks: false });
      expect(DashboardIntegrationDetail.parse(changed.body)).toMatchObject({ forwardWebhooks: false, webhookSecret: 'set' });
      expect(JSON.stringify(changed.body)).not.toContain('hidden-secret');
      expect((await change({ webhook_secret: null })).body).toMatchObject({ forwardWebhooks: false, webhookSecret: 'missing' });
      expect((await change({ webhook_secret: 'x' }, 'prod')).status).toBe(404);
      expect((await change({ surprise: 1 })).body.error.code).toBe('invalid_body');
      const [github, open] = [await anIntegration(server, { provider: 'github' }), await anIntegration(server, { provider: 'unauthenticated' })];
      expect((await browser.ask(`/integrations/${github.uniqueKey}?env=dev`)).body.webhookSecret).toBe('unrouted');
      expect((await browser.ask(`/integrations/${open.uniqueKey}?env=dev`)).body.webhookSecret).toBe('unsigned');
    });

    it('of the other environment are not there', async () => {
      const { uniqueKey } = await anIntegration(server, { environment: 'prod' });
      for (const method of ['GET', 'DELETE']) expect((await browser.ask(`/integrations/${uniqueKey}?env=dev`, { method })).status).toBe(404);
      expect((await browser.ask(`/integrations/${uniqueKey}?env=prod`)).status).toBe(200);
    });

    it.each([
      [{ unique_key: 'x', provider: 'nowhere' }, 'unknown_provider_template'],
      [{ unique_key: 'x', provider: 'github', credentials: { type: 'OAUTH2', client_id: 'i' } }, 'invalid_body'],
      [{ unique_key: 'x', provider: 'github', surprise: 1 }, 'invalid_body'],
    ])('are refused with %j', async (body, code) => {
      expect((await browser.ask('/integrations?env=dev', { method: 'POST', body })).body.error.code).toBe(code);
    });

    it('can be of any provider listed', async () => {
      const { providers } = (await browser.ask('/providers')).body;
      expect(providers.map((one: unknown) => DashboardProvider.parse(one))).toContainEqual(
        expect.objectContaining({
          name: 'private-api-bearer',
          authMode: 'API_KEY',
          client: 'none',
          connectionConfig: { baseUrl: expect.objectContaining({ title: 'Base URL', format: 'uri' }) },
        }),
      );
    });
  });

  describe('connections', () => {
    it('are made with a credential, listed and told with their syncs, and deleted', async () => {
      const integration = await anIntegration(server);
      await aSyncScript(server, { integrationId: integration.id, name: 'tasks' });
      const body = {
        provider_config_key: integration.uniqueKey,
        connection_id: 'acme',
        credentials: { type: 'API_KEY', apiKey: 'hidden-key\n' },
        connection_config: { baseUrl: 'https://a.example', other: '' },
      };
      const made = await browser.ask('/connections?env=dev', { method: 'POST', body });
      expect(made.status).toBe(201);
      const detail = DashboardConnectionDetail.parse((await browser.ask(`/connections/${made.body.id}?env=dev`)).body);
      expect(detail).toMatchObject({
        connectionId: 'acme',
        authMode: 'API_KEY',
        connectionConfig: { baseUrl: 'https://a.example' },
        scopes: null,
        credentialExpiresAt: null,
        credentialRenewAt: null,
        syncs: [{ name: 'tasks', variant: 'base', frequency: '1h' }],
      });
      expect(JSON.stringify(made.body)).not.toContain('hidden-key');
      const { connections } = (await browser.ask('/connections?env=dev')).body;
      expect(connections.map((one: unknown) => DashboardConnection.parse(one))).toContainEqual(
        expect.objectContaining({ id: detail.id, integration: integration.uniqueKey, syncs: 1, failing: 0 }),
      );
      expect((await browser.ask(`/connections/${detail.id}?env=dev`, { method: 'DELETE' })).body).toEqual({ revocation: 'unsupported' });
      expect((await browser.ask(`/connections/${detail.id}?env=dev`)).status).toBe(404);
    });

    it('are checked as in every other import, and say which field is wrong', async () => {
      const { uniqueKey: provider_config_key } = await anIntegration(server);
      const body = { provider_config_key, credentials: { type: 'API_KEY', apiKey: 'a\u0001b' }, connection_config: { baseUrl: 'https://a.example' } };
      expect((await browser.ask('/connections?env=dev', { method: 'POST', body })).body.error).toMatchObject({
        code: 'invalid_credential_format',
        errors: [{ path: ['credentials', 'apiKey'] }],
      });
      const noUrl = { ...body, credentials: { type: 'API_KEY', apiKey: 'key' }, connection_config: { baseUrl: 'a.example' } };
      expect((await browser.ask('/connections?env=dev', { method: 'POST', body: noUrl })).body.error).toMatchObject({
        code: 'invalid_connection_config',
        errors: [{ path: ['connection_config', 'baseUrl'] }],
      });
    });

    it('tell the scopes of their token, when it ends and when it is renewed', async () => {
      const integration = await anIntegration(server, { provider: 'github' });
      const { id } = await aConnection(server, { integrationId: integration.id });
      const [ends, renews] = [new Date(Date.now() + 3_600_000), new Date(Date.now() + 1_800_000)];
      const scopes = { requested: ['repo', 'gist'], granted: ['repo'] };
      await server.database.connection.update({ where: { id }, data: { scopes, credentialExpiresAt: ends, credentialRenewAt: renews } });
      expect(DashboardConnectionDetail.parse((await browser.ask(`/connections/${id}?env=dev`)).body)).toMatchObject({
        scopes,
        credentialExpiresAt: ends.toISOString(),
        credentialRenewAt: renews.toISOString(),
      });
    });

    it('say how many of their syncs fail', async () => {
      const integration = await anIntegration(server);
      const connection = await aConnection(server, { integrationId: integration.id });
      const problem = { environmentId: server.environments.dev.id, connectionId: connection.id, operationId: crypto.randomUUID() };
      await server.database.connectionError.createMany({
        data: [
          { ...problem, type: 'sync' },
          { ...problem, type: 'auth' },
        ],
      });
      const { connections } = (await browser.ask('/connections?env=dev')).body;
      expect(connections.find(({ id }: { id: number }) => id === connection.id)).toMatchObject({ failing: 1, problems: [{ type: 'sync' }, { type: 'auth' }] });
    });

    it('of the other environment are not there', async () => {
      const theirs = await anIntegration(server, { environment: 'prod' });
      const { id } = await aConnection(server, { environment: 'prod', integrationId: theirs.id });
      for (const method of ['GET', 'DELETE']) expect((await browser.ask(`/connections/${id}?env=dev`, { method })).status).toBe(404);
      expect((await browser.ask('/connections?env=dev')).body.connections).not.toContainEqual(expect.objectContaining({ id }));
    });

    it.each([
      [{ provider_config_key: 'nowhere', credentials: { type: 'NONE' } }, 'unknown_provider_config'],
      [{ provider_config_key: 'a' }, 'invalid_body'],
      [{ provider_config_key: 'a', credentials: { type: 'NOTHING' } }, 'invalid_body'],
    ])('are refused with %j', async (body, code) => {
      expect((await browser.ask('/connections?env=dev', { method: 'POST', body })).body.error.code).toBe(code);
    });

    it('need the credential that their integration asks for', async () => {
      const { uniqueKey } = await anIntegration(server);
      const answer = await browser.ask('/connections?env=dev', { method: 'POST', body: { provider_config_key: uniqueKey, credentials: { type: 'NONE' } } });
      expect(answer.body.error.code).toBe('wrong_auth_mode');
    });

    it.each(['abc', '0', '99999999999'])('have no number %s', async (id) => {
      expect((await browser.ask(`/connections/${id}?env=dev`)).body.error.code).toBe('invalid_uri_params');
    });
  });

  describe('syncs', () => {
    it('are paused, started and triggered', async () => {
      const id = await madeSync();
      expect((await browser.ask(`/syncs/${id}/pause?env=dev`, { method: 'POST' })).status).toBe(204);
      expect(await syncRow(id)).toMatchObject({ state: 'paused', scheduleRevision: 2, triggerRequest: null });
      await browser.ask(`/syncs/${id}/start?env=dev`, { method: 'POST' });
      expect(await syncRow(id)).toMatchObject({ state: 'started', scheduleRevision: 3 });
      await browser.ask(`/syncs/${id}/trigger?env=dev`, { method: 'POST' });
      expect(await syncRow(id)).toMatchObject({ scheduleRevision: 4, triggerRequest: {} });
    });

    it('start over, run at other times, and are cancelled', async () => {
      const id = await madeSync();
      await browser.ask(`/syncs/${id}/trigger?env=dev`, { method: 'POST', body: { reset: true, emptyCache: true } });
      expect(await syncRow(id)).toMatchObject({ triggerRequest: { fullResync: true, emptyCache: true } });
      expect((await browser.ask(`/syncs/${id}/cancel?env=dev`, { method: 'POST' })).status).toBe(204);
      expect(await syncRow(id)).toMatchObject({ triggerRequest: null });
      const time = (frequency: unknown) => browser.ask(`/syncs/${id}/frequency?env=dev`, { method: 'PUT', body: { frequency } });
      expect((await time('6h')).status).toBe(204);
      expect(await syncRow(id)).toMatchObject({ frequencyMs: 21_600_000 });
      expect((await time('often')).body.error.code).toBe('sync_interval_invalid');
      expect((await time(null)).status).toBe(204);
      expect(await syncRow(id)).toMatchObject({ frequencyMs: null, frequencyCron: null });
    });

    it('have operations that cannot be cancelled from another environment, or when nothing runs', async () => {
      expect((await browser.ask(`/operations/${randomUUID()}/cancel?env=dev`, { method: 'POST' })).body.error.code).toBe('not_found');
    });

    it('of the other environment are not there', async () => {
      const id = await madeSync('prod');
      const answer = await browser.ask(`/syncs/${id}/pause?env=dev`, { method: 'POST' });
      expect([answer.status, answer.body.error.code]).toEqual([404, 'unknown_sync']);
      expect(await syncRow(id)).toMatchObject({ state: 'started' });
    });

    it('have a UUID', async () => {
      expect((await browser.ask('/syncs/5/pause?env=dev', { method: 'POST' })).body.error.code).toBe('invalid_uri_params');
    });
  });

  describe('the environment', () => {
    it('shows its keys, webhooks and variables', async () => {
      const shown = DashboardEnvironment.parse((await browser.ask('/environment?env=prod')).body);
      expect(shown).toMatchObject({
        name: 'prod',
        secretKey: server.environments.prod.secretKey,
        publicKey: server.environments.prod.publicKey,
        variables: [],
      });
    });

    it('takes webhook settings', async () => {
      const body = { primary_url: 'https://a.example', on_sync_error: true };
      expect((await browser.ask('/environment/webhooks?env=dev', { method: 'PATCH', body })).body).toMatchObject(body);
      expect((await server.ask('/environment/webhooks')).body).toMatchObject(body);
      expect((await server.ask('/environment/webhooks', { as: 'prod' })).body.primary_url).toBeNull();
      expect((await browser.ask('/environment/webhooks?env=dev', { method: 'PATCH', body: { primary_url: 'x' } })).body.error.code).toBe('invalid_body');
    });

    it('takes a callback URL', async () => {
      const answer = await browser.ask('/environment?env=dev', { method: 'PATCH', body: { callback_url: 'https://a.example/cb' } });
      expect(DashboardEnvironment.parse(answer.body)).toMatchObject({
        callbackUrl: 'https://a.example/cb',
        defaultCallbackUrl: expect.stringMatching(/\/oauth\/callback$/),
      });
    });

    it('takes its variables as a whole', async () => {
      await browser.ask('/environment/variables?env=dev', { method: 'PUT', body: { variables: [{ name: 'GONE', value: '1' }] } });
      const variables = [{ name: 'KEPT', value: '2' }];
      expect((await browser.ask('/environment/variables?env=dev', { method: 'PUT', body: { variables } })).body).toEqual({ variables });
      expect((await server.ask('/environment-variables')).body).toEqual(variables);
    });

    it.each([
      [[{ name: '1A', value: '' }]],
      [
        [
          { name: 'A', value: '' },
          { name: 'A', value: '' },
        ],
      ],
    ])('refuses the variables %j', async (variables) => {
      const answer = await browser.ask('/environment/variables?env=dev', { method: 'PUT', body: { variables } });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_body']);
    });
  });
});
