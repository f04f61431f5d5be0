import { NangoError } from './error/nango-error.js';
import { NangoAction } from './nango-action.js';
import { NangoSync } from './nango-sync.js';

/** What only syncs have says so in other scripts, rather than being undefined there. */
export function nameUnavailableMethods(): void {
  const inSyncsOnly = Object.getOwnPropertyNames(NangoSync.prototype).filter((name) => name !== 'constructor');
  for (const name of inSyncsOnly) refuse(NangoAction.prototype, name, `nango.${name}() is available in syncs only`);
}

function refuse(prototype: object, name: string, message: string): void {
  const value = (): never => {
    throw new NangoError('script_method_unavailable', message);
  };
  Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
}
