// A path of its own: services without Temporal do not load it, and clients load none of its native library.
export { openTemporalClient } from './temporal-client.js';
