import type { ConnectProvider } from 'model/connect';
import type { Sentence } from '../language/text.js';
import { cleanValue } from './clean-value.js';
import { basicProblem, fieldProblem } from './field-problem.js';
import { fieldId, type FormField, type FormValues, isVisible } from './form-fields.js';

/** What is wrong, by {@link fieldId}. */
export type FormProblems = Record<string, Sentence>;

/** The fields that are asked for now, with clean values. */
export function cleanForm(fields: FormField[], typed: FormValues): { field: FormField; value: string }[] {
  const clean = Object.fromEntries(fields.map((field) => [fieldId(field), cleanValue(field, typed[fieldId(field)] ?? '')]));
  return fields.filter((field) => isVisible(field, fields, clean)).map((field) => ({ field, value: clean[fieldId(field)] ?? '' }));
}

/** Everything that is wrong with a form, as far as the page can tell. */
export function formProblems(mode: ConnectProvider['auth_mode'], fields: FormField[], typed: FormValues): FormProblems {
  const filled = cleanForm(fields, typed);
  const problems: FormProblems = {};
  for (const { field, value } of filled) {
    const problem = fieldProblem(field, value);
    if (problem) problems[fieldId(field)] = problem;
  }
  const pair = mode === 'BASIC' ? basicProblem(credential(filled, 'username'), credential(filled, 'password')) : undefined;
  return pair ? { [fieldId({ place: 'credential', name: pair.name })]: pair.problem, ...problems } : problems;
}

function credential(filled: ReturnType<typeof cleanForm>, name: string): string {
  return filled.find(({ field }) => field.place === 'credential' && field.name === name)?.value ?? '';
}
