import fastifyCookie from '@fastify/cookie';
import { type Logger, type RunningService, startService } from 'service';
import { allowOtherOrigins } from './access/cors.js';
import { AppModule } from './app.module.js';
import type { Configuration } from './configuration.js';
import { serveConnectPage } from './connect/connect-page.js';
import { serveWebApp } from './dashboard/web-app.js';
import { isOpenToEavesdroppers } from './oauth/browser-binding.js';
import { OAuthSockets } from './oauth/oauth-sockets.repository.js';
import { connectionPass } from './proxy-pass/connection-pass.js';
import { ProxyClient } from './proxy-pass/proxy-client.js';
import { proxyPass } from './proxy-pass/proxy-pass.js';
import { shedWebhooks } from './webhook/shed-webhooks.js';
import { webhookBodies, webhookPath } from './webhook/webhook.controller.js';

const bodyLimitBytes = 75 * 1024 * 1024;

/** Starts the server as `main` and the tests do. */
export function startServer(configuration: Configuration, logger: Logger): Promise<RunningService> {
  return startService({
    name: 'server',
    module: AppModule.with(configuration),
    port: configuration.port,
    host: configuration.host,
    logger,
    bodyLimitBytes,
    rawBodies: [webhookBodies],
    first: (app) => {
      const [calls, connections] = [proxyPass(app.get(ProxyClient)), connectionPass(app.get(ProxyClient))];
      return (request, response) => calls(request, response) || connections(request, response);
    },
    configure: async (app) => {
      allowOtherOrigins(app);
      shedWebhooks(app, webhookPath);
      await app.register(fastifyCookie);
      await serveConnectPage(app, configuration);
      await serveWebApp(app, configuration);
      app.get(OAuthSockets).serve(app.getHttpServer(), configuration.websocketsPath);
      if (isOpenToEavesdroppers(configuration.serverUrl))
        logger.warn('server.plain_http', {
          serverUrl: configuration.serverUrl,
          advice: 'Authorisations can be read on the way: give the server an https address',
        });
    },
  });
}
