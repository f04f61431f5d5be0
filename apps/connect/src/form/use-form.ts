import type { ConnectProvider } from 'model/connect';
import { useState } from 'react';
import { cleanValue } from './clean-value.js';
import { fieldId, type FormField, type FormValues, isVisible } from './form-fields.js';
import { type FormProblems, formProblems } from './form-problems.js';

/** A form's state: what was typed, and the problems of the fields that were left or sent. */
export type Form = {
  /** The fields that are asked for now. */
  fields: FormField[];
  values: FormValues;
  problems: FormProblems;
  type: (field: FormField, value: string) => void;
  leave: (field: FormField) => void;
  /** Shows every problem; the first field that has one, if there is one. */
  check: () => FormField | undefined;
};

/** Problems show when a field is left, go as soon as they are mended, and show at once from then on. */
export function useForm(provider: ConnectProvider, all: FormField[]): Form {
  const [typed, setTyped] = useState<FormValues>({});
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const values = Object.fromEntries(all.map((field) => [fieldId(field), typed[fieldId(field)] ?? field.default_value ?? '']));
  const problems = formProblems(provider.auth_mode, all, values);
  const fields = all.filter((field) => isVisible(field, all, values));
  const show = (shown: FormField[]): void => setLeft((before) => new Set([...before, ...shown.map(fieldId)]));
  const type = (field: FormField, value: string): void => setTyped((before) => ({ ...before, [fieldId(field)]: value }));
  return {
    fields,
    values,
    problems: Object.fromEntries(Object.entries(problems).filter(([id]) => left.has(id))),
    type,
    leave: (field) => {
      const value = typed[fieldId(field)];
      // Passing through an empty field is no mistake yet; emptying it is.
      if (value === undefined) return;
      type(field, cleanValue(field, value));
      show([field]);
    },
    check: () => {
      show(fields);
      return fields.find((field) => fieldId(field) in problems);
    },
  };
}
