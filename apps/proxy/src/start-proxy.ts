import { keyringFrom, Vault } from 'credentials';
import { openPool, type Pool } from 'database';
import { EgressGuard, parseHostList } from 'egress';
import { isAppError } from 'model';
import { loadProviders } from 'providers';
import { ConfigurationError, createLogger, type RunningService, startService } from 'service';
import { AppModule } from './app.module.js';
import type { ProxyConfig } from './config.js';
import { registerProxyRoute } from './proxy/proxy.route.js';
import { ProxyService } from './proxy/proxy.service.js';

/** Room for a script's body of 75 MB as base64 within its JSON. */
const scriptCallBytes = 110_000_000;

/** Opens what the proxy needs and starts it. For `main` and tests. */
export async function startProxy(config: ProxyConfig): Promise<RunningService> {
  const logger = createLogger('proxy', { level: config.LOG_LEVEL });
  const guard = guardFrom(config);
  loadProviders();
  const pool = openPool(config.NANGO_DATABASE_URL, { max: 10 });
  const vault = await openVault(pool, config);
  return startService({
    name: 'proxy',
    module: AppModule.with({ pool, vault, guard, internalKey: config.NANGO_INTERNAL_KEY }),
    port: config.PROXY_PORT,
    host: config.HOST,
    logger,
    bodyLimitBytes: scriptCallBytes,
    configure: (app) => registerProxyRoute(app.getHttpAdapter().getInstance(), app.get(ProxyService), logger),
  });
}

function guardFrom({ NANGO_EGRESS_ALLOW, NANGO_EGRESS_DENY }: ProxyConfig): EgressGuard {
  try {
    return new EgressGuard({ allow: parseHostList(NANGO_EGRESS_ALLOW, 'NANGO_EGRESS_ALLOW'), deny: parseHostList(NANGO_EGRESS_DENY, 'NANGO_EGRESS_DENY') });
  } catch (error) {
    throw new ConfigurationError(error instanceof Error ? error.message : 'bad host list');
  }
}

async function openVault(pool: Pool, { NANGO_ENCRYPTION_KEY }: ProxyConfig): Promise<Vault> {
  try {
    const vault = new Vault(pool, keyringFrom(NANGO_ENCRYPTION_KEY));
    await vault.check();
    return vault;
  } catch (error) {
    if (isAppError(error) && error.code === 'invalid_encryption_key') throw new ConfigurationError(`NANGO_ENCRYPTION_KEY: ${error.message}`);
    throw error;
  }
}
