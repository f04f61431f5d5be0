import { IntegrationScripts } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anIntegration } from '../../test/builders.js';
import { aServer, type TestServer } from '../../test/server.js';
import { anActionFlow, anEventScript, aSyncFlow, deploy, modelOf } from '../deploy/test/a-deploy.js';

describe('what is deployed', () => {
  let server: TestServer;
  let key: string;

  beforeAll(async () => {
    server = await aServer();
    key = (await anIntegration(server, { uniqueKey: 'slack-dev' })).uniqueKey;
    await anIntegration(server, { uniqueKey: 'without-scripts' });
    const definitions = { [modelOf('users')]: { type: 'object' }, Message: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } };
    await deploy(server, [aSyncFlow('users', key, { attributes: { region: 'eu' } }), anActionFlow('greet', key, { input: 'Message' })], {
      jsonSchema: { definitions },
      onEventScriptsByProvider: [{ providerConfigKey: key, scripts: [anEventScript('welcome')] }],
    });
  });
  afterAll(() => server?.close());

  it.each(['/scripts/config', '/flow/configs'])('is listed per integration under %s', async (path) => {
    const { status, body } = await server.ask(path);
    expect(status).toBe(200);
    expect(IntegrationScripts.array().parse(body)).toEqual(body);
    expect(body).toEqual([
      {
        providerConfigKey: 'slack-dev',
        provider: 'private-api-bearer',
        syncs: [
          expect.objectContaining({
            name: 'users',
            type: 'sync',
            runs: 'every hour',
            returns: [modelOf('users')],
            models: [{ name: modelOf('users'), fields: [{ name: 'id', value: 'string', tsType: true }] }],
            sync_type: 'full',
            endpoints: [{ method: 'GET', path: '/users', group: null }],
            json_schema: { definitions: { [modelOf('users')]: { type: 'object' } } },
            version: '1',
            enabled: true,
          }),
        ],
        actions: [expect.objectContaining({ name: 'greet', type: 'action', input: 'Message', json_schema: { definitions: { Message: expect.anything() } } })],
        'on-events': [{ name: 'welcome', event: 'post-connection-creation', version: '1', last_deployed: expect.any(String) }],
      },
    ]);
  });

  it('is listed as tools of a language model', async () => {
    const { body } = await server.ask('/scripts/config?format=openai');
    const parameters = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
    expect(body).toEqual({ data: [{ type: 'function', name: 'greet', description: 'Fetches greet', parameters }] });
  });

  it('is asked for by script: its attributes, its integration', async () => {
    expect((await server.ask(`/flow/attributes?sync_name=users&provider_config_key=${key}`)).body).toEqual({ region: 'eu' });
    expect((await server.ask('/sync/provider?syncName=users')).body).toBe('slack-dev');
    expect((await server.ask('/sync/names')).body).toEqual(['users']);
  });

  it('is refused for names that are missing or unknown', async () => {
    expect((await server.ask('/scripts/config?format=xml')).body.error.code).toBe('invalid_query_params');
    expect((await server.ask('/flow/attributes?sync_name=users')).body.error.code).toBe('invalid_query_params');
    expect((await server.ask(`/flow/attributes?sync_name=stale&provider_config_key=${key}`)).status).toBe(404);
    expect((await server.ask('/sync/provider')).body.error.code).toBe('invalid_query_params');
    expect((await server.ask('/sync/provider?syncName=stale')).status).toBe(404);
  });

  it('is invisible from another environment and without a key', async () => {
    expect((await server.ask('/scripts/config', { as: 'prod' })).body).toEqual([]);
    expect((await server.ask('/sync/names', { as: 'prod' })).body).toEqual([]);
    expect((await server.ask('/sync/provider?syncName=users', { as: 'prod' })).status).toBe(404);
    for (const path of ['/scripts/config', '/flow/configs', '/flow/attributes', '/sync/provider', '/sync/names']) {
      expect((await server.ask(path, { as: null })).status).toBe(401);
    }
  });
});
