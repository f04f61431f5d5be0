import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from 'react';
import { useFieldProblem } from './form.js';

const box = 'w-full min-w-0 rounded-md border border-line bg-page px-3 placeholder:text-muted/70 aria-invalid:border-bad';

type Described = { label: string; hint?: ReactNode };

/** A labelled input. Below it stand what the server said about it and the hint. */
export function Field({ label, hint, ...rest }: Described & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Labelled label={label} hint={hint} name={rest.name}>
      {(aria) => <input className={`h-9 ${box}`} {...aria} {...rest} />}
    </Labelled>
  );
}

/** The same over several lines. */
export function TextArea({ label, hint, ...rest }: Described & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Labelled label={label} hint={hint} name={rest.name}>
      {(aria) => <textarea className={`py-2 font-mono text-xs ${box}`} rows={5} spellCheck={false} {...aria} {...rest} />}
    </Labelled>
  );
}

/** A labelled choice. */
export function Choice({
  label,
  hint,
  options,
  ...rest
}: Described & { options: { value: string; text: string }[] } & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Labelled label={label} hint={hint} name={rest.name}>
      {(aria) => (
        <select className={`h-9 ${box}`} {...aria} {...rest}>
          {options.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

type Aria = { 'aria-invalid'?: true; 'aria-describedby': string };

function Labelled({ label, hint, name, children }: Described & { name: string | undefined; children: (aria: Aria) => ReactNode }) {
  const id = useId();
  const problem = useFieldProblem(name);
  return (
    <div className="grid gap-1.5">
      <label className="grid gap-1.5">
        <span className="font-medium">{label}</span>
        {children({ 'aria-describedby': id, ...(problem ? { 'aria-invalid': true } : {}) })}
      </label>
      <div id={id} className="grid gap-1 text-xs empty:hidden">
        {problem ? (
          <span role="alert" className="text-bad">
            {problem}
          </span>
        ) : null}
        {hint ? <span className="text-muted">{hint}</span> : null}
      </div>
    </div>
  );
}

/** A switch with what it does. */
export function Toggle({ label, hint, checked, onChange }: { label: string; hint: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="flex items-center justify-between gap-4 border-b border-line px-4 py-3 last:border-0">
      <span>
        <span className="block font-medium">{label}</span>
        <span className="text-muted">{hint}</span>
      </span>
      <input type="checkbox" className="size-4 shrink-0 accent-accent" checked={checked} onChange={(event) => onChange(event.target.checked)} />
    </label>
  );
}
