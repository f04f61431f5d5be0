import type { ModelDefinition, ModelField } from 'model';

/** A draft-07 schema, as far as models need it. */
export type JsonSchema = { [keyword: string]: unknown };

/** The document of `.nango/schema.json`: one definition per model. */
export type SchemaDocument = { $schema: string; $comment: string; definitions: Record<string, JsonSchema> };

const named: Record<string, JsonSchema> = {
  string: { type: 'string' },
  number: { type: 'number' },
  bigint: { type: 'number' },
  boolean: { type: 'boolean' },
  Date: { type: 'string', format: 'date-time' },
  'Record<string, any>': { type: 'object' },
  any: {},
  'any[]': { type: 'array', items: {} },
  undefined: { not: {} },
  void: { not: {} },
  never: { not: {} },
};

/** Builds the schemas of all models; references between them are `#/definitions/<model>`. */
export function jsonSchemaOf(models: ModelDefinition[], comment: string): SchemaDocument {
  const definitions = Object.fromEntries(models.map((model) => [model.name, modelSchema(model)]));
  return { $schema: 'http://json-schema.org/draft-07/schema#', $comment: comment, definitions };
}

function modelSchema(model: ModelDefinition): JsonSchema {
  const [only] = model.fields;
  if (model.isAnon && only) return { ...fieldSchema(only), deprecated: 'It is recommended to use a Model' };
  return objectSchema(model.fields);
}

function objectSchema(fields: ModelField[]): JsonSchema {
  const ordinary = fields.filter((field) => !field.dynamic);
  const dynamic = fields.find((field) => field.dynamic);
  const required = ordinary.filter((field) => !field.optional && !mayBeUndefined(field)).map(({ name }) => name);
  const additional = dynamic ? fieldSchema(dynamic) : false;
  const open = dynamic && Object.keys(fieldSchema(dynamic)).length === 0;
  return {
    type: 'object',
    ...(ordinary.length > 0 ? { properties: Object.fromEntries(ordinary.map((field) => [field.name, fieldSchema(field)])) } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(open ? {} : { additionalProperties: additional }),
  };
}

function mayBeUndefined({ value, union, array }: ModelField): boolean {
  if (array) return false;
  if (union && Array.isArray(value)) return value.some(mayBeUndefined);
  return value === 'undefined';
}

function fieldSchema(field: ModelField): JsonSchema {
  if (field.array) return { type: 'array', items: itemSchema(field) };
  return itemSchema(field);
}

function itemSchema(field: ModelField): JsonSchema {
  const { value, union, array, model, tsType } = field;
  if (Array.isArray(value)) return union || array ? unionSchema(value) : objectSchema(value);
  if (model && typeof value === 'string') return { $ref: `#/definitions/${value}` };
  if (tsType && typeof value === 'string') return named[value] ?? {};
  if (value === null) return { type: 'null' };
  return { type: typeof value, const: value };
}

function unionSchema(fields: ModelField[]): JsonSchema {
  const members = distinct(
    flatten(fields)
      .filter((field) => field.array || field.value !== 'undefined')
      .map(fieldSchema),
  );
  const [only] = members;
  if (!only) return { not: {} };
  if (members.length === 1) return only;
  if (members.every((member) => 'const' in member || member['type'] === 'null')) return literalsSchema(members);
  if (members.every((member) => member['type'] === 'string' && !('format' in member))) return { type: 'string' };
  const primitive = members.every((member) => Object.keys(member).length === 1 && typeof member['type'] === 'string' && member['type'] !== 'object');
  return primitive ? { type: members.map((member) => member['type']) } : { anyOf: members };
}

/** A union within a union is part of it. */
function flatten(fields: ModelField[]): ModelField[] {
  return fields.flatMap((field) => (field.union && !field.array && Array.isArray(field.value) ? flatten(field.value) : [field]));
}

function literalsSchema(members: JsonSchema[]): JsonSchema {
  const types = [...new Set(members.map((member) => member['type']))];
  return { type: types.length === 1 ? types[0] : types, enum: members.map((member) => ('const' in member ? member['const'] : null)) };
}

function distinct(members: JsonSchema[]): JsonSchema[] {
  return [...new Map(members.map((member) => [JSON.stringify(member), member])).values()];
}
