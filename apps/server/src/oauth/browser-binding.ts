import { randomBytes } from 'node:crypto';
import type { CookieSerializeOptions } from '@fastify/cookie';
import { oauthSessionMs } from 'model';

/** 256 random bits as text. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** The cookie that binds a flow to the browser that began it: one for each flow, so that two at once do not disturb each other. */
export type BindingCookie = { name: string; options: CookieSerializeOptions };

/**
 * With https the cookie has the prefix that keeps other hosts and plain http from setting it; plain http, as on a developer's machine,
 * takes neither prefix nor `Secure`.
 */
export function bindingCookie(serverUrl: string, sessionId: string): BindingCookie {
  const isSecure = serverUrl.startsWith('https:');
  const name = `${isSecure ? '__Host-' : ''}oauth-${sessionId.slice(0, 8)}`;
  // Lax: the provider's redirect is a navigation from another site.
  return { name, options: { httpOnly: true, secure: isSecure, sameSite: 'lax', path: '/', maxAge: oauthSessionMs / 1_000 } };
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** The origins by which browsers of this machine may call a server, which are two where it goes by `localhost` or `127.0.0.1`. */
export function originsOf(serverUrl: string): string[] {
  const { origin, hostname } = new URL(serverUrl);
  if (!loopback.test(hostname)) return [origin];
  return [...new Set([hostname, 'localhost', '127.0.0.1'])].map((name) => origin.replace(hostname, name));
}

/** Whether a server is reached by plain http from beyond this machine, where its cookies and codes can be read on the way. */
export function isOpenToEavesdroppers(serverUrl: string): boolean {
  const { protocol, hostname } = new URL(serverUrl);
  return protocol === 'http:' && !loopback.test(hostname);
}

/**
 * The address of this request under the server's own name, where the browser came by another name of the same machine: a cookie that is set
 * for 127.0.0.1 would be missing when the provider comes back to localhost.
 */
export function underOwnName(serverUrl: string, host: string | undefined, path: string): string | undefined {
  const own = new URL(serverUrl);
  const asked = URL.parse(`http://${host ?? own.host}`);
  if (!asked || asked.host === own.host || asked.port !== own.port) return undefined;
  return loopback.test(own.hostname) && loopback.test(asked.hostname) ? own.origin + path : undefined;
}
