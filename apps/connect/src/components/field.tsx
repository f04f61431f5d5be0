import type { FormField } from '../data/form-fields.js';

const inputTypes = { uri: 'url', email: 'email', hostname: 'text', uuid: 'text' } as const;
const uuid = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** The name of a field's input within its form. */
export const inputName = ({ place, name }: FormField): string => `${place}.${name}`;

/** A value that the catalogue describes, as an input or a choice. */
export function Field({ field, autoFocus }: { field: FormField; autoFocus: boolean }) {
  return (
    <label className="grid gap-1.5">
      <span className="flex items-baseline justify-between gap-2">
        <span className="font-medium">{field.title}</span>
        {field.required || field.place === 'credential' ? null : <span className="text-xs text-muted">optional</span>}
      </span>
      <span className="flex h-10 items-stretch overflow-hidden rounded-lg border border-line bg-panel focus-within:border-accent focus-within:ring-3 focus-within:ring-accent/15">
        <Affix>{field.prefix}</Affix>
        {field.enum ? <Choice field={field} /> : <Input field={field} autoFocus={autoFocus} />}
        <Affix>{field.suffix}</Affix>
      </span>
      {field.description ? <span className="text-xs text-muted">{field.description}</span> : null}
    </label>
  );
}

function Input({ field, autoFocus }: { field: FormField; autoFocus: boolean }) {
  const pattern = field.pattern ?? (field.format === 'uuid' ? uuid : undefined);
  return (
    <input
      name={inputName(field)}
      type={field.secret ? 'password' : field.format ? inputTypes[field.format] : 'text'}
      required={field.required}
      pattern={pattern}
      title={pattern && field.example ? `For example ${field.example}` : undefined}
      placeholder={field.example}
      defaultValue={field.default_value}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      autoFocus={autoFocus}
      className="min-w-0 flex-1 bg-transparent px-3 outline-none placeholder:text-muted/60"
    />
  );
}

function Choice({ field }: { field: FormField }) {
  return (
    <select name={inputName(field)} required={field.required} defaultValue={field.default_value} className="min-w-0 flex-1 bg-transparent px-2 outline-none">
      {field.required ? null : <option value="" />}
      {field.enum?.map((value) => (
        <option key={value}>{value}</option>
      ))}
    </select>
  );
}

function Affix({ children }: { children: string | undefined }) {
  return children ? <span className="grid place-items-center border-line bg-raised px-3 text-muted first:border-r last:border-l">{children}</span> : null;
}
