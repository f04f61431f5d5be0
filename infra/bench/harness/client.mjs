// The HTTP client that puts load on the server: bare, so that it costs the machine little.
import http from 'node:http';
import { authorization, settings } from './settings.mjs';

/** Longer than any answer may take; without it a server that hangs would hang the benchmark. */
const timeoutMs = 180_000;
const agent = keepAliveAgent(4);

/** A pool of so many connections that stay open. */
export function keepAliveAgent(connections) {
  return new http.Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
}

/** Sends one request, its body as JSON; resolves with status and body once all of the answer is there. */
export function request(agent, { method = 'GET', url, headers = {}, body }) {
  const { hostname, port, pathname, search } = new URL(url);
  const data = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const about = data ? { 'content-type': 'application/json', 'content-length': data.length } : {};
  return new Promise((resolve, reject) => {
    const outgoing = http.request({ agent, method, host: hostname, port, path: pathname + search, headers: { ...headers, ...about } }, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode, body: Buffer.concat(chunks) }));
      incoming.on('error', reject);
    });
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    outgoing.on('error', reject);
    outgoing.end(data);
  });
}

/** A request to the server under test, or with `base` to another one; resolves with the parsed answer, throws on a status of 400 and above. */
export async function callJson(method, path, { body, base = settings.baseUrl } = {}) {
  const headers = base === settings.baseUrl ? authorization : {};
  const answer = await request(agent, { method, url: base + path, headers, body });
  const text = answer.body.toString();
  if (answer.status >= 400) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 400)}`);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Closes the connections of `callJson`. */
export function closeClient() {
  agent.destroy();
}
