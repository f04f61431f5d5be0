import { fileURLToPath } from 'node:url';

export {
  type BrokerMethod,
  bundledLibraries,
  bundledModules,
  type CryptoComputation,
  type HostComputation,
  type HostFunctions,
  type RealmHandle,
  type RealmMessage,
  type ScriptFunction,
} from './protocol.js';

/** Folder of the built realm: `realm.js`, evaluated inside the jail, and the modules a script may require. */
export const realmFolder: string = fileURLToPath(new URL('../dist/bundle/', import.meta.url));
