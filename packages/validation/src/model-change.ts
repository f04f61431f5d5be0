import { type Alternative, alternativesOf } from './alternatives.js';
import type { JsonSchema, SchemaDocument } from './schema.js';

/**
 * What a change of a model means to those who use it: `additive` needs nothing of them, after `widening` they may meet (or send)
 * values that were not there before, `breaking` takes away what they rely on.
 */
export type ChangeKind = 'additive' | 'widening' | 'breaking';

/** One difference. `path` as `Task.owner.name`, `Task.tags[]`. */
export type ModelChange = { path: string; kind: ChangeKind; message: string };

/** Whether the model's values come out (records, outputs) or go in (inputs). */
export type ModelUse = 'output' | 'input';

type Side = { document: SchemaDocument; schema: JsonSchema };
type Comparing = { use: ModelUse; seen: Set<string>; changes: ModelChange[] };

/** The differences of one model between two schemas; none when either does not have it. */
export function compareModels(model: string, before: SchemaDocument, after: SchemaDocument, use: ModelUse): ModelChange[] {
  const [old, now] = [before.definitions?.[model], after.definitions?.[model]];
  if (!old || !now) return [];
  const comparing: Comparing = { use, seen: new Set(), changes: [] };
  compare({ document: before, schema: old }, { document: after, schema: now }, model, comparing);
  return comparing.changes;
}

function compare(before: Side, after: Side, path: string, comparing: Comparing): void {
  // A model that holds itself is compared once.
  const pair = JSON.stringify([before.schema['$ref'] ?? before.schema, after.schema['$ref'] ?? after.schema]);
  if (comparing.seen.has(pair)) return;
  comparing.seen.add(pair);
  const [old, now] = [alternativesOf(before.document, before.schema), alternativesOf(after.document, after.schema)];
  compareTypes(old, now, path, comparing);
  for (const [kind, below] of [
    ['object', compareObjects],
    ['array', compareArrays],
  ] as const) {
    const [a, b] = [old.find((one) => one.type === kind), now.find((one) => one.type === kind)];
    if (a && b) below({ ...before, schema: a.schema }, { ...after, schema: b.schema }, path, comparing);
  }
}

function compareTypes(old: Alternative[], now: Alternative[], path: string, { use, changes }: Comparing): void {
  const gone = old.filter((one) => !now.some((other) => covers(other, one)));
  const come = now.filter((one) => !old.some((other) => covers(other, one)));
  if (gone.length === 0 && come.length === 0) return;
  const message = `was ${namesOf(old)}, is ${namesOf(now)}`;
  if (gone.length > 0 && come.length > 0) changes.push({ path, kind: 'breaking', message });
  else if (come.length > 0) changes.push({ path, kind: 'widening', message });
  // Fewer values: harmless to who reads them, not to who sends them.
  else changes.push({ path, kind: use === 'input' ? 'breaking' : 'additive', message });
}

function covers(wide: Alternative, narrow: Alternative): boolean {
  return wide.type === 'any' || (wide.type === narrow.type && (wide.literal === undefined || wide.literal === narrow.literal) && formatCovers(wide, narrow));
}

function formatCovers(wide: Alternative, narrow: Alternative): boolean {
  return wide.schema['format'] === undefined || wide.schema['format'] === narrow.schema['format'];
}

function namesOf(alternatives: Alternative[]): string {
  return alternatives
    .map(({ type, literal, schema }) => literal ?? (schema['format'] === undefined ? type : `${type} (${String(schema['format'])})`))
    .join(' | ');
}

function compareArrays(before: Side, after: Side, path: string, comparing: Comparing): void {
  compare({ ...before, schema: schemaIn(before.schema['items']) }, { ...after, schema: schemaIn(after.schema['items']) }, `${path}[]`, comparing);
}

function compareObjects(before: Side, after: Side, path: string, comparing: Comparing): void {
  const [old, now] = [propertiesOf(before.schema), propertiesOf(after.schema)];
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const below = `${path}.${name}`;
    const [a, b] = [old[name], now[name]];
    if (!a) comparing.changes.push({ path: below, ...added(isRequired(after.schema, name), comparing.use) });
    else if (!b) comparing.changes.push({ path: below, kind: 'breaking', message: 'is gone' });
    else {
      compareRequired(isRequired(before.schema, name), isRequired(after.schema, name), below, comparing);
      compare({ ...before, schema: a }, { ...after, schema: b }, below, comparing);
    }
  }
}

function added(required: boolean, use: ModelUse): Omit<ModelChange, 'path'> {
  const kind = required && use === 'input' ? 'breaking' : 'additive';
  return { kind, message: required ? 'is new' : 'is new and optional' };
}

function compareRequired(before: boolean, after: boolean, path: string, { use, changes }: Comparing): void {
  if (before && !after) changes.push({ path, kind: 'widening', message: 'is optional now' });
  if (!before && after) changes.push({ path, kind: use === 'input' ? 'breaking' : 'additive', message: 'is required now' });
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>; // the keyword's own form
}

function isRequired(schema: JsonSchema, name: string): boolean {
  return Array.isArray(schema['required']) && schema['required'].includes(name);
}

function schemaIn(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : {};
}
