import { fieldFormats } from 'model/connect';
import type { Sentence } from '../language/text.js';
import type { FormField } from './form-fields.js';

/** What is wrong with a clean value, and which form it should have; undefined where nothing is. */
export function fieldProblem(field: FormField, value: string): Sentence | undefined {
  if (value === '') return field.required ? { key: 'problem.required' } : undefined;
  if (field.enum && !field.enum.includes(value)) return { key: 'problem.choice', values: { choices: field.enum.join(', ') } };
  const { format, pattern, example } = field;
  if (format && !fieldFormats[format].pattern.test(value)) return { key: `problem.${format}`, values: { example: example ?? fieldFormats[format].example } };
  if (pattern !== undefined && !matches(pattern, value)) return patternProblem(pattern, example);
  return undefined;
}

/** RFC 7617: a user name holds no colon. Either value may be empty, not both. */
export function basicProblem(username: string, password: string): { name: 'username'; problem: Sentence } | undefined {
  if (username === '' && password === '') return { name: 'username', problem: { key: 'problem.bothEmpty' } };
  return username.includes(':') ? { name: 'username', problem: { key: 'problem.colon' } } : undefined;
}

/** A pattern that this browser cannot read is left to the server. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern).test(value);
  } catch {
    return true;
  }
}

function patternProblem(pattern: string, example: string | undefined): Sentence {
  return example ? { key: 'problem.example', values: { example } } : { key: 'problem.pattern', values: { pattern } };
}
