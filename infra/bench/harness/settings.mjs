// What the harness was told; bench.mjs says what each variable means.
const { env } = process;
const number = (name, otherwise) => Number(env[name] || otherwise);

const mockUrl = env.MOCK_URL || 'http://127.0.0.1:4010';
const providerConfigKey = env.PROVIDER_CONFIG_KEY || 'bench';
const total = number('TOTAL', 100_000);

/** All settings of one run of the harness. */
export const settings = {
  baseUrl: env.BASE_URL || 'http://127.0.0.1:3003',
  secretKey: env.SECRET_KEY || '',
  mockUrl,
  passThroughUrl: env.PASS_THROUGH_URL || null,
  proxyUrl: env.PROXY_URL || null,
  providerConfigKey,
  connectionId: env.CONNECTION_ID || 'conn-1',
  recordsConnectionId: env.RECORDS_CONNECTION_ID || null,
  sync: env.SYNC_NAME || 'bench-sync',
  model: env.MODEL || 'BenchRecord',
  noopAction: env.ACTION_NAME || 'noop',
  callingAction: env.ACTION_PROXY_NAME || 'ping',
  phases: (env.PHASES || 'proxy,connection,action,sync,records').split(','),
  repeats: number('REPEATS', 5),
  durationS: number('DURATION', 5),
  syncRepeats: number('SYNC_REPEATS', 3),
  total,
  actionCalls: number('ACTION_N', 100),
  maxPagesOf100: number('MAX_PAGES_100', 1000),
  processes: env.PROCS || '',
  useWrk: env.NO_WRK !== '1',
  connectionTemplate: env.CONNECTION_TEMPLATE
    ? JSON.parse(env.CONNECTION_TEMPLATE)
    : {
        provider_config_key: providerConfigKey,
        credentials: { type: 'API_KEY', apiKey: 'mock-secret-key' },
        connection_config: { baseUrl: mockUrl },
        metadata: { total },
      },
};

/** The header that every request to the server under test carries. */
export const authorization = { authorization: `Bearer ${settings.secretKey}` };

/** The headers of a request on behalf of one connection. */
export const onBehalfOf = (connectionId) => ({ ...authorization, 'provider-config-key': settings.providerConfigKey, 'connection-id': connectionId });
