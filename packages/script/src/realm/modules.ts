import { Buffer } from 'buffer/index.js';
import { bundledLibraries, bundledModules } from '../protocol.js';
import { NangoError } from './error/nango-error.js';
import type { Host } from './host.js';
import type { UncontrolledRequest } from './http/uncontrolled-fetch.js';
import { utilModule } from './node-util/util-module.js';

/** Modules made in the realm; scripts may also write them with `node:` in front. */
export type OwnModules = { crypto: object; url: object };

type Require = (name: string) => unknown;

/**
 * `require` as scripts have it: an allow-list (surface 1.6), each module made or evaluated inside the realm.
 *
 * @param fetch what libraries call with that expect HTTP of their own
 */
export function makeRequire(host: Host, own: OwnModules, fetch: (request: UncontrolledRequest) => Promise<unknown>): Require {
  const builtIn: Record<string, object> = { ...own, buffer: { Buffer }, util: utilModule };
  const loaded = new Map<string, unknown>();
  const forLibraries: Require = (name) => (name === 'nango:fetch' ? fetch : require(name));
  const load = (name: string, file: string): unknown => {
    const found = host.load(file);
    return Object.hasOwn(bundledLibraries, name) ? (found as (require: Require) => unknown)(forLibraries) : found;
  };
  const require: Require = (name) => {
    const plain = String(name).replace(/^node:/, '');
    const found = builtIn[plain];
    if (found && Object.hasOwn(builtIn, plain)) return found;
    const file = bundledFile(String(name));
    if (file === undefined) throw notAllowed(String(name), Object.keys(builtIn));
    if (!loaded.has(file)) loaded.set(file, load(String(name), file));
    return loaded.get(file);
  };
  return require;
}

const bundled = { ...bundledModules, ...bundledLibraries };

function bundledFile(name: string): string | undefined {
  return Object.hasOwn(bundled, name) ? bundled[name as keyof typeof bundled] : undefined;
}

function notAllowed(name: string, builtIn: string[]): NangoError {
  const allowed = [...builtIn, ...builtIn.map((module) => `node:${module}`), ...Object.keys(bundled)].sort();
  return new NangoError('script_module_not_allowed', `The module '${name}' is not allowed in scripts. Allowed: ${allowed.join(', ')}`);
}
