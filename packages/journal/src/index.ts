export { CallIds } from './call-ids.js';
export { canonicalJson } from './canonical-json.js';
