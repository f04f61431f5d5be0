// One environment of a stack as a product uses it: over the REST API with its key.

/** Calls of the REST API that must succeed. */
export function productOf(serverUrl, secretKey) {
  const call = async (method, path, { body, headers } = {}) => {
    const response = await fetch(serverUrl + path, {
      method,
      headers: { authorization: `Bearer ${secretKey}`, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  return {
    call,
    async integration(key) {
      await call('POST', '/integrations', { body: { unique_key: key, provider: 'private-api-bearer' } });
    },
    /** To an API that nobody listens at, unless told of one. */
    async connection(key, connectionId, baseUrl = 'http://127.0.0.1:9') {
      const credentials = { type: 'API_KEY', apiKey: 'secret' };
      const body = { provider_config_key: key, connection_id: connectionId, credentials, connection_config: { baseUrl } };
      await call('POST', '/connections', { body });
    },
    /** Scripts by name: `{ type, js, runs?, auto_start? }`. */
    async deploy(key, scripts) {
      const flowConfigs = Object.entries(scripts).map(([name, script]) => ({
        syncName: name,
        providerConfigKey: key,
        runs: script.type === 'sync' ? 'every day' : '',
        models: script.type === 'sync' ? ['Thing'] : [],
        endpoints: [{ method: script.type === 'sync' ? 'GET' : 'POST', path: `/${key}/${name}` }],
        ...script,
        fileBody: { js: script.js, ts: '' },
      }));
      const body = { flowConfigs, reconcile: false, debug: false, nangoYamlBody: '', jsonSchema: {}, singleDeployMode: true };
      await call('POST', '/sync/deploy', { body });
    },
    trigger: (key, connectionId, sync) =>
      call('POST', '/sync/trigger', { body: { provider_config_key: key, syncs: [sync], ...(connectionId ? { connection_id: connectionId } : {}) } }),
    async action(key, connectionId, name) {
      await call('POST', '/action/trigger', { headers: { 'provider-config-key': key, 'connection-id': connectionId }, body: { action_name: name } });
    },
  };
}
