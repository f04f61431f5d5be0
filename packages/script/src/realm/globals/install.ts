import { Buffer } from 'buffer/index.js';
import type { Host } from '../host.js';
import type { UncontrolledRequest } from '../http/uncontrolled-fetch.js';
import { makeRequire } from '../modules.js';
import { AbortSignal } from './abort.js';
import { makeConsole } from './console.js';
import { makeCrypto } from './crypto.js';
import { SearchParams } from './search-params.js';
import { structuredClone } from './structured-clone.js';
import { atob, btoa, TextDecoder, TextEncoder } from './text.js';
import type { Timers } from './timers.js';
import { makeUrlClass } from './url.js';

type Parts = {
  host: Host;
  timers: Timers;
  write: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  fetch: (request: UncontrolledRequest) => Promise<unknown>;
};

/** Puts the globals of scripts in place and answers their `require`. */
export function installGlobals({ host, timers, write, fetch }: Parts): (name: string) => unknown {
  const crypto = makeCrypto(host);
  const URL = makeUrlClass(host);
  const { randomUUID, getRandomValues } = crypto;
  const globals = {
    ...timers.functions(),
    console: makeConsole(write),
    crypto: { randomUUID, getRandomValues },
    URL,
    URLSearchParams: SearchParams,
    Buffer,
    TextEncoder,
    TextDecoder,
    AbortSignal,
    atob,
    btoa,
    structuredClone,
  };
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  Object.defineProperty(globalThis, 'global', { value: globalThis, writable: true, configurable: true });
  return makeRequire(host, { crypto, url: { URL, URLSearchParams: SearchParams } }, fetch);
}
