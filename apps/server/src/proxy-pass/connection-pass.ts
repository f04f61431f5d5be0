import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { plainConnectionUrl } from 'model';
import type { FirstHandler } from 'service';
import { Passage } from './passage.js';
import type { ProxyClient } from './proxy-client.js';

const writtenPath = /^\/(?:connections?|integrations?|config)(?:[/?]|$)/;
/** Longer than a notification takes to reach the proxy. */
const rememberedMs = 1_000;

/**
 * Hands `GET /connection/{id}` on to the proxy byte for byte, ahead of the framework: the proxy knows the key and mostly the answer.
 * Whoever has just changed a connection or integration here takes the ordinary route, which asks the database: the proxy may not have
 * heard of the change yet.
 */
export function connectionPass(proxy: ProxyClient): FirstHandler {
  const writers = new RecentWriters();
  return (request, response) => {
    const { url = '', method, headers } = request;
    if (!writtenPath.test(url)) return false;
    const { authorization } = headers;
    if (authorization === undefined) return false;
    if (method !== 'GET') return writers.note(authorization, response);
    if (!plainConnectionUrl.test(url) || bodyFollows(request) || writers.has(authorization)) return false;
    proxy.dispatch({ method, path: url, headers: ['authorization', authorization], body: null }, new Passage(response, null));
    return true;
  };
}

const bodyFollows = ({ headers }: IncomingMessage): boolean => headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** Keys with which something was changed a moment ago, by their hashes. */
class RecentWriters {
  readonly #latest = new Map<string, ServerResponse>();

  /** False, as what a {@link FirstHandler} leaves to the framework. */
  note(authorization: string, response: ServerResponse): false {
    const key = hash('sha256', authorization);
    this.#latest.set(key, response);
    const forget = (): void => void (this.#latest.get(key) === response && this.#latest.delete(key));
    response.once('close', () => setTimeout(forget, rememberedMs).unref());
    return false;
  }

  has(authorization: string): boolean {
    return this.#latest.size > 0 && this.#latest.has(hash('sha256', authorization));
  }
}
