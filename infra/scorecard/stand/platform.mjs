import { setTimeout as sleep } from 'node:timers/promises';

const integration = 'scorecard';
const onBehalfOf = (connectionId) => ({ 'provider-config-key': integration, 'connection-id': connectionId });

/** The platform's REST API, as the product of the scorecard uses it. A server that is away for a moment is asked again. */
export function platformOf({ serverUrl, secretKey, sourceUrl }) {
  const ask = async (method, path, { body, headers = {}, patienceMs = 60_000 } = {}) => {
    const until = Date.now() + patienceMs;
    for (;;) {
      const answer = await send(method, path, body, headers).catch((error) => ({ error }));
      if (answer.response?.ok) return answer.text === '' ? undefined : json(answer.text);
      const isLasting = answer.response && answer.response.status < 500;
      if (isLasting || Date.now() > until || method !== 'GET')
        throw new Error(`${method} ${path}: ${answer.error ?? `${answer.response.status} ${answer.text}`}`);
      await sleep(200);
    }
  };
  const send = async (method, path, body, headers) => {
    const init = { method, headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json', ...headers } };
    const response = await fetch(serverUrl + path, body === undefined ? init : { ...init, body: JSON.stringify(body) });
    return { response, text: await response.text() };
  };
  const status = async (connectionId, sync) => {
    const query = new URLSearchParams({ provider_config_key: integration, connection_id: connectionId, syncs: sync });
    return (await ask('GET', `/sync/status?${query}`)).syncs[0];
  };

  return {
    ask,
    status,
    createIntegration: () => ask('POST', '/integrations', { body: { unique_key: integration, provider: 'private-api-bearer' } }),
    createConnection: (connectionId) =>
      ask('POST', '/connections', {
        body: {
          provider_config_key: integration,
          connection_id: connectionId,
          credentials: { type: 'API_KEY', apiKey: 'scorecard-key' },
          connection_config: { baseUrl: sourceUrl },
        },
      }),
    trigger: (sync, connectionId) =>
      ask('POST', '/sync/trigger', { body: { provider_config_key: integration, syncs: [sync], ...(connectionId ? { connection_id: connectionId } : {}) } }),
    act: (connectionId, action, input) => ask('POST', '/action/trigger', { body: { action_name: action, input }, headers: onBehalfOf(connectionId) }),
    /** Waits until a run that started after `since` has ended; answers the sync's status. */
    async ended(connectionId, sync, since, patienceMs = 15 * 60_000) {
      const until = Date.now() + patienceMs;
      while (Date.now() < until) {
        const now = await status(connectionId, sync);
        const isOver = now?.finishedAt && Date.parse(now.finishedAt) > since && !['RUNNING', 'STARTED'].includes(now.status);
        if (isOver) return { ...now, status: now.latestExecutionStatus };
        await sleep(250);
      }
      throw new Error(`the sync ${sync} of ${connectionId} did not end within ${patienceMs / 1000} s`);
    },
    /** Every record of a model, deleted ones too. */
    async records(connectionId, model) {
      const all = [];
      for (let cursor = ''; cursor !== null;) {
        const query = new URLSearchParams({ model, limit: '10000', ...(cursor ? { cursor } : {}) });
        const page = await ask('GET', `/records?${query}`, { headers: onBehalfOf(connectionId) });
        all.push(...page.records);
        cursor = page.next_cursor;
      }
      return all;
    },
  };
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
