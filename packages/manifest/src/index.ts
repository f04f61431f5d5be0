export { parseRuns, shortestIntervalMs } from './interval.js';
export type { ParsedAction, ParsedIntegration, ParsedManifest, ParsedScript, ParsedSync } from './manifest.js';
export { type ManifestReading, parseManifest } from './parse-manifest.js';
export { formatProblem, type ManifestProblem, type ProblemCode } from './problem.js';
export { type ManifestScript, scriptsOf } from './scripts.js';
export type { JsonSchema, SchemaDocument } from './json-schema.js';
export { modelsFile, schemaDocument, schemaTypesFile } from './generated-files.js';
export { type DeployOptions, deployRequest } from './deploy-request.js';
