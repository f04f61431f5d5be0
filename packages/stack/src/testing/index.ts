export { freePort } from '../ports.js';
export { freshDatabase, temporalAddress, type TestDatabase } from './test-services.js';
