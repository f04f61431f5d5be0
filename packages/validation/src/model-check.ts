import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { SchemaDocument } from './schema.js';

/** What is wrong with a value, and where: `/tags/0`, or `/` for the whole of it. Holds nothing of the value itself. */
export type Problem = { path: string; message: string };

/** The models of one schema. A model that the schema does not have fits anything. */
export type ModelCheck = {
  has(model: string): boolean;
  /** All problems; empty when there is none. */
  problems(model: string, value: unknown): Problem[];
  /** The first problem alone, which is much cheaper to find; null when there is none. */
  firstProblem(model: string, value: unknown): Problem | null;
};

/**
 * Checks values against models. Each model is compiled when it is first asked for, and kept.
 * @throws Error for a schema that cannot be compiled, when it is first asked for
 */
export function createModelCheck(document: SchemaDocument): ModelCheck {
  const thorough = compiler(document, { allErrors: true });
  const quick = compiler(document, { allErrors: false });
  return {
    has: (model) => Object.hasOwn(document.definitions ?? {}, model),
    problems: (model, value) => {
      const validate = thorough(model);
      return !validate || validate(value) === true ? [] : (validate.errors ?? []).map(toProblem);
    },
    firstProblem: (model, value) => {
      const validate = quick(model);
      const [error] = !validate || validate(value) === true ? [] : (validate.errors ?? []);
      return error ? toProblem(error) : null;
    },
  };
}

/** Compiles on first use: most processes need one of the two, and few of the models. */
function compiler({ definitions = {} }: SchemaDocument, { allErrors }: { allErrors: boolean }): (model: string) => ValidateFunction | undefined {
  const known = new Map<string, ValidateFunction | undefined>();
  let ajv: Ajv | undefined;
  const compile = (model: string): ValidateFunction | undefined => {
    if (!Object.hasOwn(definitions, model)) return undefined;
    ajv ??= newAjv(allErrors).addSchema({ $id: 'models', definitions });
    return ajv.getSchema(`models#/definitions/${encodeURIComponent(model)}`);
  };
  return (model) => {
    if (!known.has(model)) known.set(model, compile(model));
    return known.get(model);
  };
}

function newAjv(allErrors: boolean): Ajv {
  const ajv = new Ajv({ allErrors, strict: false, logger: false });
  formats.default(ajv);
  return ajv;
}

function toProblem({ instancePath, message, params }: ErrorObject): Problem {
  return { path: instancePath || '/', message: [message ?? 'is wrong', ...told(params)].join(' ') };
}

/** What the schema asks for, where the message does not say it. */
function told(params: Record<string, unknown>): string[] {
  const { additionalProperty, allowedValues, allowedValue } = params;
  const value = additionalProperty ?? allowedValues ?? allowedValue;
  return value === undefined ? [] : [JSON.stringify(value)];
}
