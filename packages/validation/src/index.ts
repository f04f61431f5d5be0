export { createModelCheck, type ModelCheck, type Problem } from './model-check.js';
export { type ChangeKind, compareModels, type ModelChange, type ModelUse } from './model-change.js';
export type { JsonSchema, SchemaDocument } from './schema.js';
