import type { ReactNode } from 'react';

/** A form that hands over what was filled in and keeps it: React empties forms that have an `action`, also after a refusal. */
export function Form({ onData, className = '', children }: { onData: (data: FormData) => void; className?: string; children: ReactNode }) {
  return (
    <form
      className={`grid gap-4 ${className}`}
      onSubmit={(event) => {
        event.preventDefault();
        onData(new FormData(event.currentTarget));
      }}
    >
      {children}
    </form>
  );
}
