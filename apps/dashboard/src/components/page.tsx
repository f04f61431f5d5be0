import type { ReactNode } from 'react';

/** A page's frame: title, what it is about, and what can be done on it. */
export function Page({ title, about, actions, children }: { title: ReactNode; about?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <main className="mx-auto w-full max-w-5xl min-w-0 px-4 py-6 md:px-8 md:py-8">
      <header className="mb-6 flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <h1 className="truncate text-xl font-semibold tracking-tight">{title}</h1>
          {about ? <div className="mt-1 text-muted">{about}</div> : null}
        </div>
        <div className="flex gap-2">{actions}</div>
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">{children}</div>
    </main>
  );
}

/** A titled box. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="rounded-lg border border-line bg-panel">
      <header className="flex min-h-11 items-center justify-between gap-4 border-b border-line px-4 py-2">
        <h2 className="font-medium">{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** Said where a list has nothing, with what would fill it. */
export function Nothing({ children }: { children: ReactNode }) {
  return <div className="px-4 py-10 text-center text-muted">{children}</div>;
}

/** Name and value side by side. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-center gap-1 sm:grid-cols-[10rem_minmax(0,1fr)] sm:gap-4 border-b border-line px-4 py-2.5 last:border-0">
      <dt className="text-muted">{name}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-1.5">{children}</dd>
    </div>
  );
}
