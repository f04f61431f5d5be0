import type { Answer, TestServer } from '../../../test/server.js';

type Change = Record<string, unknown>;

/** A sync as a CLI sends it: hourly, one model, one endpoint, all named after it. */
export function aSyncFlow(syncName: string, providerConfigKey: string, change: Change = {}): Change {
  return {
    syncName,
    providerConfigKey,
    type: 'sync',
    models: [modelOf(syncName)],
    runs: 'every hour',
    version: null,
    track_deletes: false,
    auto_start: true,
    attributes: {},
    metadata: { description: `Fetches ${syncName}`, scopes: ['read'] },
    input: null,
    sync_type: 'full',
    fileBody: { js: `exports.default = async () => '${syncName}'`, ts: `export default async () => '${syncName}'` },
    model_schema: [{ name: modelOf(syncName), fields: [{ name: 'id', value: 'string', tsType: true }] }],
    endpoints: [{ method: 'GET', path: `/${syncName}`, group: null }],
    webhookSubscriptions: [],
    ...change,
  };
}

/** An action as a CLI sends it. */
export function anActionFlow(syncName: string, providerConfigKey: string, change: Change = {}): Change {
  const endpoints = [{ method: 'POST', path: `/${syncName}`, group: null }];
  return { ...aSyncFlow(syncName, providerConfigKey), type: 'action', runs: '', models: [], model_schema: [], endpoints, ...change };
}

/** A script on a connection's event. */
export function anEventScript(name: string, event = 'post-connection-creation') {
  return { name, event, fileBody: { js: `exports.default = async () => '${name}'`, ts: '' } };
}

export function modelOf(name: string): string {
  return `Model_${name}`;
}

type Options = Change & { as?: 'dev' | 'prod' | null };

/** `POST /sync/deploy` of these flows, complete and reconciling unless told otherwise. */
export function deploy(server: TestServer, flowConfigs: Change[], { as = 'dev', ...change }: Options = {}): Promise<Answer> {
  const body = { flowConfigs, onEventScriptsByProvider: [], jsonSchema: {}, reconcile: true, debug: false, nangoYamlBody: 'integrations:', ...change };
  return server.ask('/sync/deploy', { method: 'POST', body, as });
}

/** `POST /sync/deploy/confirmation` of these flows. */
export function plan(server: TestServer, flowConfigs: Change[], { as = 'dev', ...change }: Options = {}): Promise<Answer> {
  const body = { flowConfigs, onEventScriptsByProvider: [], jsonSchema: {}, reconcile: false, debug: false, ...change };
  return server.ask('/sync/deploy/confirmation', { method: 'POST', body, as });
}
