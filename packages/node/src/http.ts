import axios, { type AxiosInstance } from 'axios';
import { createRequire } from 'node:module';
import type { NangoOptions } from './options.js';

/** The server a client talks to unless it is told otherwise: a key must never go to somebody else's. */
export const defaultHost = 'http://localhost:3003';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** An axios bound to one server and key. Failures are axios errors, as every version of this client has thrown them. */
export function serverClient({ host, secretKey, userAgent }: NangoOptions): AxiosInstance {
  if (!secretKey) throw new Error('You must specify a secret key (cf. documentation).');
  const baseURL = (host ?? defaultHost).replace(/\/+$/, '');
  if (!URL.canParse(baseURL)) throw new Error(`Invalid host '${host}': expected a URL such as ${defaultHost}`);
  return axios.create({
    baseURL,
    headers: { Authorization: `Bearer ${secretKey}`, 'User-Agent': `nango-node-client/${version}${userAgent ? `; ${userAgent}` : ''}` },
    maxBodyLength: Infinity,
    maxContentLength: Infinity,
  });
}
