export { type Certificate, selfSignedCertificate } from './certificate.js';
export { NameServer, type Zone } from './name-server.js';
export { Sink } from './sink.js';
export { type SsrfSurroundings, type SsrfTarget, ssrfTargets, ssrfZone } from './ssrf-targets.js';
export { type ConnectionWatch, watchConnections } from './watch-connections.js';
