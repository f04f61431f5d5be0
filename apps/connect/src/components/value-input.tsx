import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { fieldId, type FormField } from '../form/form-fields.js';
import { useText } from '../language/use-text.js';

type ValueInputProps = {
  field: FormField;
  value: string;
  labelId: string;
  describedBy: string | undefined;
  isInvalid: boolean;
  onType: (value: string) => void;
  onLeave: () => void;
};

// On narrow windows the text is 16 px high: phones zoom into anything smaller.
const look = 'min-w-0 flex-1 bg-transparent px-3 text-base outline-none placeholder:text-muted sm:text-sm';
const keyboards = { uri: 'url', hostname: 'url', email: 'email', uuid: 'text' } as const;

/** The input that suits a field: a choice, several lines, or one line that can be hidden. */
export function ValueInput({ field, value, labelId, describedBy, isInvalid, onType, onLeave }: ValueInputProps) {
  const common = {
    id: fieldId(field),
    name: fieldId(field),
    value,
    required: field.required,
    'aria-describedby': describedBy,
    'aria-invalid': isInvalid,
    onBlur: onLeave,
    onChange: ({ target }: { target: { value: string } }) => onType(target.value),
  };
  if (field.enum) return <Choice field={field} {...common} />;
  const typed = { ...common, placeholder: field.example, autoCapitalize: 'none', spellCheck: false };
  // As high as an input at least, and as wide as the card allows; long keys scroll.
  if (field.multiline) return <textarea {...typed} rows={5} autoComplete="off" className={`${look} py-2 font-mono text-xs/5 sm:text-xs/5`} />;
  if (field.secret) return <SecretInput {...typed} labelId={labelId} />;
  return <input {...typed} type="text" inputMode={field.format ? keyboards[field.format] : 'text'} autoComplete="off" className={look} />;
}

type InputProps = React.InputHTMLAttributes<HTMLInputElement>;

function SecretInput({ labelId, ...input }: InputProps & { labelId: string }) {
  const text = useText();
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  const label = text(isShown ? 'form.hide' : 'form.show');
  return (
    <>
      {/* `new-password`: a browser must not offer the password of this page's site. */}
      <input {...input} type={isShown ? 'text' : 'password'} autoComplete="new-password" className={look} />
      <button
        type="button"
        aria-label={label}
        title={label}
        aria-describedby={labelId}
        onClick={() => setShown(!isShown)}
        className="grid w-11 shrink-0 place-items-center rounded-lg text-muted -outline-offset-2 hover:text-ink"
      >
        <Icon size={16} aria-hidden />
      </button>
    </>
  );
}

function Choice({ field, ...select }: { field: FormField } & React.SelectHTMLAttributes<HTMLSelectElement>) {
  const text = useText();
  return (
    <select {...select} className={look}>
      <option value="">{text('form.choose')}</option>
      {field.enum?.map((value) => (
        <option key={value}>{value}</option>
      ))}
    </select>
  );
}
