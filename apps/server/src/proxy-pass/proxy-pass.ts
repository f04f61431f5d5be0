import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type FirstHandler, streamedBody } from 'service';
import { isPreflight } from '../access/cors.js';
import { passedHeaders } from './passed-headers.js';
import { Passage } from './passage.js';
import type { ProxyClient } from './proxy-client.js';

const proxyPath = /^\/proxy(?:[/?]|$)/;

/**
 * Hands `/proxy/*` on to the proxy, byte for byte both ways; the proxy itself looks at the key. Ahead of the framework, which
 * would take longer than the proxy does.
 */
export function proxyPass(proxy: ProxyClient): FirstHandler {
  return (request, response) => {
    if (!request.url || !proxyPath.test(request.url) || isPreflight(request)) return false;
    const headers = passedHeaders(request.rawHeaders, ofOurConnection);
    const body = bodyOf(request);
    proxy.dispatch({ method: request.method ?? 'GET', path: request.url, headers, body }, new Passage(response, body));
    return true;
  };
}

/** Our own connection to the proxy has a host of its own; a body that was "expected" is on its way already. */
const ofOurConnection = ['host', 'expect'];

function bodyOf(request: IncomingMessage): Readable | null {
  const { headers } = request;
  if (headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0)) return null;
  return streamedBody(request);
}
