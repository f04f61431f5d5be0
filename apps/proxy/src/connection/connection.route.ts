import type { IncomingMessage, ServerResponse } from 'node:http';
import { plainConnectionUrl } from 'model';
import { type FirstHandler, type Logger, toAppError } from 'service';
import type { AccessService } from '../access/access.service.js';
import { refuse } from '../proxy/proxy.route.js';
import type { ConnectionViewService } from './connection-view.service.js';

/** `GET /connection/{id}` with an environment's key, ahead of the framework: this path is hot, and mostly answered from memory. */
export function connectionRoute(access: AccessService, views: ConnectionViewService, logger: Logger): FirstHandler {
  return (request, response) => {
    const names = request.method === 'GET' ? plainConnectionUrl.exec(request.url ?? '')?.groups : undefined;
    if (!names) return false;
    const asked = { connectionId: decodeURIComponent(names['connectionId'] ?? ''), providerConfigKey: decodeURIComponent(names['providerConfigKey'] ?? '') };
    void answer(request, response, async () => views.readText({ ...asked, environmentId: await access.environmentOf(request.headers.authorization) }), logger);
    return true;
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, read: () => Promise<string>, logger: Logger): Promise<void> {
  try {
    const body = Buffer.from(await read());
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }).end(body);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'server_error') logger.error('connection.failed', { error: thrown, url: request.url });
    refuse(error, response);
  }
}
