import { Buffer } from 'buffer/index.js';
import { bundledModules } from '../protocol.js';
import { NangoError } from './error/nango-error.js';
import type { Host } from './host.js';
import { utilModule } from './node-util/util-module.js';

/** Modules made in the realm; scripts may also write them with `node:` in front. */
export type OwnModules = { crypto: object; url: object };

/** `require` as scripts have it: an allow-list (surface 1.6), each module made or evaluated inside the realm. */
export function makeRequire(host: Host, own: OwnModules): (name: string) => unknown {
  const builtIn: Record<string, object> = { ...own, buffer: { Buffer }, util: utilModule };
  const loaded = new Map<string, unknown>();
  return (name) => {
    const plain = String(name).replace(/^node:/, '');
    const found = builtIn[plain];
    if (found && Object.hasOwn(builtIn, plain)) return found;
    const file = bundledFile(String(name));
    if (file === undefined) throw notAllowed(String(name), Object.keys(builtIn));
    if (!loaded.has(file)) loaded.set(file, host.load(file));
    return loaded.get(file);
  };
}

function bundledFile(name: string): string | undefined {
  return Object.hasOwn(bundledModules, name) ? bundledModules[name as keyof typeof bundledModules] : undefined;
}

function notAllowed(name: string, builtIn: string[]): NangoError {
  const allowed = [...builtIn, ...builtIn.map((module) => `node:${module}`), ...Object.keys(bundledModules)].sort();
  return new NangoError('script_module_not_allowed', `The module '${name}' is not allowed in scripts. Allowed: ${allowed.join(', ')}`);
}
