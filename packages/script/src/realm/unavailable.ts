import { NangoError } from './error/nango-error.js';
import { NangoAction } from './nango-action.js';
import { NangoSync } from './nango-sync.js';

const ofActions = [
  'getIntegration',
  'getWebhookURL',
  'triggerSync',
  'startSync',
  'uncontrolledFetch',
  'tryAcquireLock',
  'releaseLock',
  'releaseAllLocks',
  'getCheckpoint',
  'saveCheckpoint',
  'clearCheckpoint',
];
const ofSyncs = ['getRecordsByIds', 'listRecords', 'deleteRecordsFromPreviousExecutions', 'trackDeletesStart', 'trackDeletesEnd', 'setMergingStrategy'];
const inSyncsOnly = ['batchSave', 'batchSend', 'batchUpdate', 'batchDelete', 'setLastSyncDate', ...ofSyncs];

/** Methods of the public surface that cannot be called say so, rather than being undefined. */
export function nameUnavailableMethods(): void {
  for (const name of ofActions) refuse(NangoAction.prototype, name, `nango.${name}() is not available in this version of the platform`);
  for (const name of ofSyncs) refuse(NangoSync.prototype, name, `nango.${name}() is not available in this version of the platform`);
  for (const name of inSyncsOnly) refuse(NangoAction.prototype, name, `nango.${name}() is available in syncs only`);
}

function refuse(prototype: object, name: string, message: string): void {
  if (Object.hasOwn(prototype, name)) return;
  const value = (): never => {
    throw new NangoError('script_method_unavailable', message);
  };
  Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
}
