import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { SchemaDocument } from 'manifest';

/** What is wrong with a value, one line per problem; empty when nothing is. */
export type SchemaCheck = (model: string, value: unknown) => string[];

/** Checks values against the models of `.nango/schema.json`. */
export function createSchemaCheck(document: SchemaDocument): SchemaCheck {
  const ajv = new Ajv({ allErrors: true, strict: false });
  formats.default(ajv);
  ajv.addSchema({ ...document, $id: 'models' });
  return (model, value) => {
    const validate = ajv.getSchema(`models#/definitions/${model}`);
    if (!validate || validate(value) === true) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath || '/'} ${message ?? 'is wrong'} ${JSON.stringify(params)}`);
  };
}
