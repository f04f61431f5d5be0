export { Nango } from './nango.js';
export { defaultHost } from './http.js';
export type {
  ListConnectionsOptions,
  ListRecordsOptions,
  NangoConnection,
  NangoCredentials,
  NangoOptions,
  NangoRecord,
  ProxyOptions,
  ProxyResponse,
  RecordMetadata,
  SyncName,
  SyncStatusEntry,
  SyncVariantOptions,
  TriggerActionOptions,
} from './options.js';
