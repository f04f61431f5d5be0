import type { InputHTMLAttributes, SelectHTMLAttributes } from 'react';

const box = 'h-9 w-full rounded-md border border-line bg-page px-3 placeholder:text-muted/70';

/** A labelled input. `hint` stands below it. */
export function Field({ label, hint, ...rest }: { label: string; hint?: string } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className="grid gap-1.5">
      <span className="font-medium">{label}</span>
      <input className={box} {...rest} />
      {hint ? <span className="text-xs text-muted">{hint}</span> : null}
    </label>
  );
}

/** A labelled choice. */
export function Choice({ label, options, ...rest }: { label: string; options: { value: string; text: string }[] } & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <label className="grid gap-1.5">
      <span className="font-medium">{label}</span>
      <select className={box} {...rest}>
        {options.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
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
      <input type="checkbox" className="size-4 accent-accent" checked={checked} onChange={(event) => onChange(event.target.checked)} />
    </label>
  );
}
