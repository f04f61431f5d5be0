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

/** Modules that the compiler lets pass because older platforms had them, and why they cannot work in a jail. */
const impossible: Record<string, string> = {
  soap: 'it opens connections and reads files itself; send the XML with nango.post() instead',
  botbuilder: 'it opens connections itself; call the Bot Framework API with nango.post() instead',
  unzipper: 'it needs streams and zlib of Node, which scripts do not have',
};

function notAllowed(name: string, builtIn: string[]): NangoError {
  const reason = Object.hasOwn(impossible, name) ? impossible[name] : undefined;
  if (reason !== undefined) return new NangoError('script_module_not_allowed', `The module '${name}' does not work in scripts: ${reason}`);
  const allowed = [...builtIn, ...builtIn.map((module) => `node:${module}`), ...Object.keys(bundledModules)].sort();
  return new NangoError('script_module_not_allowed', `The module '${name}' is not allowed in scripts. Allowed: ${allowed.join(', ')}`);
}
