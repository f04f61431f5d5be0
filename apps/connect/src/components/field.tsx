import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FormField } from '../form/form-fields.js';
import { fieldId } from '../form/form-fields.js';
import type { Sentence } from '../language/text.js';
import { useText } from '../language/use-text.js';
import { HelpLink } from './help-link.js';
import { ValueInput } from './value-input.js';

type FieldProps = {
  field: FormField;
  value: string;
  problem: Sentence | undefined;
  /** Page that tells where the value is found. */
  help: string | undefined;
  onType: (value: string) => void;
  onLeave: () => void;
};

/** One value that is asked for: label, input, what is wrong with it, and what the catalogue says about it. */
export function Field({ field, value, problem, help, onType, onLeave }: FieldProps) {
  const id = fieldId(field);
  const parts = { label: `${id}.label`, problem: `${id}.problem`, description: `${id}.description` };
  const describedBy = [problem ? parts.problem : '', field.description ? parts.description : ''].filter(Boolean).join(' ') || undefined;
  const edge = problem ? 'border-bad' : 'border-edge focus-within:border-link';
  return (
    <div className="grid min-w-0 gap-1.5">
      <FieldLabel field={field} id={id} labelId={parts.label} />
      <div className={`flex min-h-11 min-w-0 items-stretch overflow-hidden rounded-lg border bg-panel focus-within:ring-3 focus-within:ring-link/20 ${edge}`}>
        <Affix>{field.prefix}</Affix>
        <ValueInput
          field={field}
          value={value}
          labelId={parts.label}
          describedBy={describedBy}
          isInvalid={problem !== undefined}
          onType={onType}
          onLeave={onLeave}
        />
        <Affix>{field.suffix}</Affix>
      </div>
      {problem ? <Problem id={parts.problem} problem={problem} /> : null}
      {field.description ? <Hint id={parts.description}>{field.description}</Hint> : null}
      {help ? (
        <p className="text-xs">
          <HelpLink href={help} describedBy={parts.label} />
        </p>
      ) : null}
    </div>
  );
}

function FieldLabel({ field, id, labelId }: { field: FormField; id: string; labelId: string }) {
  const text = useText();
  return (
    <div className="flex items-baseline justify-between gap-3">
      <label id={labelId} htmlFor={id} className="min-w-0 font-medium wrap-anywhere">
        {field.title}
      </label>
      {field.optional ? <span className="shrink-0 text-xs text-muted">{text('form.optional')}</span> : null}
    </div>
  );
}

function Problem({ id, problem }: { id: string; problem: Sentence }) {
  const text = useText();
  return (
    <p id={id} className="flex gap-1.5 text-xs/5 text-bad">
      <CircleAlert size={14} aria-hidden className="mt-[3px] shrink-0" />
      <span className="min-w-0 wrap-anywhere">{text(problem.key, problem.values)}</span>
    </p>
  );
}

function Hint({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className="text-xs/5 text-muted wrap-anywhere">
      {children}
    </p>
  );
}

function Affix({ children }: { children: string | undefined }) {
  if (!children) return null;
  return (
    <span className="grid max-w-1/2 shrink-0 items-center bg-raised px-3 text-muted first:border-r last:border-l border-line">
      <span className="truncate">{children}</span>
    </span>
  );
}
