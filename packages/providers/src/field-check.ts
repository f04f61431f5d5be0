import type { FieldProblem } from 'model';
import { fieldFormats } from 'model/connect';
import type { ProviderField } from './provider.js';

type Fields = Record<string, ProviderField>;
type Values = Record<string, unknown>;

const maxLength = 16_384;
const formatWords = {
  hostname: 'a host name such as api.example.com',
  uri: 'a URL that begins with https://',
  uuid: 'a UUID',
  email: 'an e-mail address',
} as const;

/**
 * What is wrong with the values that a team or an end user gave for fields of the catalogue: missing, not text, of another form, not one of
 * the choices. `path` is where the values stand in the request. Values without a field of their own are no problem here.
 */
export function checkFields(fields: Fields, values: Values, path: string[] = []): FieldProblem[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const message = problemOf(field, fieldValue(field, values[name]), isAsked(field, values));
    return message === undefined ? [] : [{ code: 'custom', message: `${field.title} (${name}) ${message}`, path: [...path, name] }];
  });
}

function fieldValue({ default_value }: ProviderField, value: unknown): unknown {
  return value === undefined || value === '' ? default_value : value;
}

/** Fields that a script or the provider's answer fills, and those that belong to another choice, may be absent. */
function isAsked({ automated, optional, visible_when: condition }: ProviderField, values: Values): boolean {
  if (automated || optional) return false;
  return condition === undefined || [condition.equals].flat().includes(String(values[condition.field] ?? ''));
}

function problemOf(field: ProviderField, value: unknown, isAskedFor: boolean): string | undefined {
  if (value === undefined || value === null || value === '') return isAskedFor ? 'is missing' : undefined;
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean' ? undefined : 'must be text';
  if (value.length > maxLength) return `is longer than ${maxLength} characters`;
  const expected = expectation(field, value);
  return expected === undefined ? undefined : `must be ${expected}${field.example ? `, for example ${field.example}` : ''}`;
}

/** The form that a value should have had; nothing where it has it. */
function expectation({ pattern, format, enum: choices }: ProviderField, value: string): string | undefined {
  if (choices && !choices.includes(value)) return `one of ${choices.join(', ')}`;
  if (format && !fieldFormats[format].pattern.test(value)) return formatWords[format];
  // Patterns stand in our own catalogue; tests see to it that none of them backtracks without end.
  return pattern !== undefined && !new RegExp(pattern).test(value) ? `of the form ${pattern}` : undefined;
}
