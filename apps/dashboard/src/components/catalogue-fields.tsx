import type { ConnectField } from 'model/connect';
import { type ChangeEvent, useState } from 'react';
import { Choice, Field, TextArea } from './field.js';

type Fields = Record<string, ConnectField>;
type Values = Record<string, string>;

/** The place of a field that has none. */
const last = 1_000;

/**
 * Inputs for fields that a provider's catalogue entry declares, named `<group>.<field>` as the request has them. A field with `visible_when`
 * appears with its condition. `values` are those that are set; with `isEdit`, an empty secret means that it stays.
 */
export function CatalogueFields({ fields, group, values = {}, isEdit = false }: { fields: Fields; group: string; values?: Values; isEdit?: boolean }) {
  const [typed, setTyped] = useState<Values>({});
  const valueOf = (name: string): string => typed[name] ?? values[name] ?? fields[name]?.default_value ?? '';
  const keepTyped = ({ target }: ChangeEvent<HTMLInputElement>): void => setTyped({ ...typed, [target.name.slice(group.length + 1)]: target.value });
  const shown = Object.entries(fields)
    .filter(([, { visible_when: condition }]) => !condition || [condition.equals].flat().includes(valueOf(condition.field)))
    .toSorted(([, a], [, b]) => (a.order ?? last) - (b.order ?? last));
  if (shown.length === 0) return null;
  return (
    <div className="grid gap-4" onChange={keepTyped}>
      {shown.map(([name, field]) => (
        <CatalogueField key={name} field={field} name={`${group}.${name}`} value={valueOf(name)} isEdit={isEdit} />
      ))}
    </div>
  );
}

function CatalogueField({ field, name, value, isEdit }: { field: ConnectField; name: string; value: string; isEdit: boolean }) {
  const { title, description, example, optional, secret } = field;
  const keeps = isEdit && secret;
  const common = { label: optional ? `${title} (optional)` : title, name, required: !optional && !keeps, hint: hintOf(field, Boolean(keeps)) };
  if (field.enum) return <Choice {...common} defaultValue={value} options={choicesOf(field)} />;
  const placeholder = keeps ? 'Unchanged' : (example ?? '');
  if (field.multiline) return <TextArea {...common} defaultValue={secret ? '' : value} placeholder={placeholder} />;
  return (
    <Field
      {...common}
      defaultValue={secret ? '' : value}
      placeholder={placeholder}
      autoComplete={secret ? 'new-password' : 'off'}
      type={secret ? 'password' : 'text'}
      title={description}
    />
  );
}

function choicesOf({ enum: choices = [], optional, default_value }: ConnectField): { value: string; text: string }[] {
  const all = choices.map((value) => ({ value, text: value }));
  return optional && default_value === undefined ? [{ value: '', text: '–' }, ...all] : all;
}

function hintOf({ description, example, prefix, suffix, default_value, enum: choices }: ConnectField, keeps: boolean): string {
  const parts = [
    description,
    prefix || suffix ? `Only the part in ${prefix ?? ''}…${suffix ?? ''}` : undefined,
    default_value === undefined ? undefined : `Default: ${default_value}`,
    example !== undefined && choices ? `Example: ${example}` : undefined,
    keeps ? 'Leave it empty to keep the current value' : undefined,
  ];
  return parts
    .filter(Boolean)
    .map((part) => (part?.endsWith('.') ? part : `${part}.`))
    .join(' ');
}
