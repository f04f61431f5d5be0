export { CookieBrowser, type Visited } from './browser.js';
export { freePort } from '../ports.js';
export { emptyDatabase, freshDatabase, temporalAddress, type TestDatabase } from './test-services.js';
export type { TestStack } from './shared-stack.js';
export { aStack, sharedStack } from './stacks.js';
export { aTemporalServer } from './a-temporal-server.js';
export { aWorker } from './a-worker.js';
export { quietTemporal } from './quiet-temporal.js';
export { type Answer, Product, type TestScript } from './product.js';
