import { loadProviders } from 'providers';
import { createLogger, type RunningService, startService } from 'service';
import { AccessService } from './access/access.service.js';
import { AppModule } from './app.module.js';
import type { ProxyConfig } from './config.js';
import { connectionRoute } from './connection/connection.route.js';
import { ConnectionViewService } from './connection/connection-view.service.js';
import { proxyRoute } from './proxy/proxy.route.js';
import { ProxyService } from './proxy/proxy.service.js';
import { ResourcesModule } from './resources.module.js';

/** Room for a script's body of 75 MB as base64 within its JSON. */
const scriptCallBytes = 110_000_000;

/** Opens what the proxy needs and starts it. For `main` and tests. */
export async function startProxy(config: ProxyConfig): Promise<RunningService> {
  const logger = createLogger('proxy', { level: config.LOG_LEVEL });
  loadProviders();
  return startService({
    name: 'proxy',
    module: AppModule.with(await ResourcesModule.open(config)),
    port: config.PROXY_PORT,
    host: config.HOST,
    logger,
    bodyLimitBytes: scriptCallBytes,
    first: (app) => {
      const calls = proxyRoute(app.get(ProxyService), logger);
      const connections = connectionRoute(app.get(AccessService), app.get(ConnectionViewService), logger);
      return (request, response) => calls(request, response) || connections(request, response);
    },
  });
}
