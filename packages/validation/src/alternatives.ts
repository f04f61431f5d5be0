import type { JsonSchema, SchemaDocument } from './schema.js';

/** One of the kinds of value that a schema takes: a type, or one literal of it. */
export type Alternative = { type: string; literal?: string; schema: JsonSchema };

const deepest = 20;

/** Everything a schema takes, its unions, lists of types, literals and references taken apart. */
export function alternativesOf(document: SchemaDocument, schema: JsonSchema, depth = 0): Alternative[] {
  const { $ref, anyOf, oneOf, type } = schema;
  if (depth > deepest) return [{ type: 'any', schema }];
  const below = (part: JsonSchema): Alternative[] => alternativesOf(document, part, depth + 1);
  if (typeof $ref === 'string') return below(referenced(document, $ref));
  if (Array.isArray(anyOf)) return anyOf.flatMap((part: JsonSchema) => below(part));
  if (Array.isArray(oneOf)) return oneOf.flatMap((part: JsonSchema) => below(part));
  if ('const' in schema) return [literal(schema['const'], schema)];
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value: unknown) => literal(value, schema));
  if (Array.isArray(type)) return type.map((one: unknown) => ({ type: nameOf(one), schema }));
  if (typeof type === 'string') return [{ type: nameOf(type), schema }];
  return [{ type: 'properties' in schema ? 'object' : 'items' in schema ? 'array' : 'any', schema }];
}

function referenced({ definitions = {} }: SchemaDocument, reference: string): JsonSchema {
  return definitions[decodeURIComponent(reference.replace('#/definitions/', ''))] ?? {};
}

// An integer is a number to everybody who reads it.
function nameOf(type: unknown): string {
  return type === 'integer' ? 'number' : String(type);
}

function literal(value: unknown, schema: JsonSchema): Alternative {
  if (value === null) return { type: 'null', schema };
  return { type: Array.isArray(value) ? 'array' : typeof value, literal: JSON.stringify(value), schema };
}
