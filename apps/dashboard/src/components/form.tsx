import type { FieldProblem } from 'model';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { RequestError } from '../data/api.js';
import { Failure } from './failure.js';

const Problems = createContext<FieldProblem[]>([]);

/** What the server said about the field of this name: fields are named by their path in the request, with dots. */
export function useFieldProblem(name: string | undefined): string | undefined {
  return useContext(Problems).find((problem) => nameOf(problem) === name)?.message;
}

type FormProps = { onData: (data: FormData) => void; error?: unknown; className?: string; children: ReactNode };

/**
 * A form that hands over what was filled in and keeps it: React empties forms that have an `action`, also after a refusal. An `error` is
 * shown at the fields that it names, else at the form's end.
 */
export function Form({ onData, error, className = '', children }: FormProps) {
  const [element, setElement] = useState<HTMLFormElement | null>(null);
  const problems = error instanceof RequestError ? error.problems : [];
  const isAtField = problems.length > 0 && problems.every((problem) => fieldOf(element, problem) !== undefined);
  useEffect(() => {
    const [first] = error instanceof RequestError ? error.problems : [];
    if (first) fieldOf(element, first)?.focus();
  }, [element, error]);
  return (
    <Problems value={problems}>
      <form
        ref={setElement}
        className={`grid grid-cols-[minmax(0,1fr)] gap-4 ${className}`}
        onSubmit={(event) => {
          event.preventDefault();
          onData(new FormData(event.currentTarget));
        }}
      >
        {children}
        {error && !isAtField ? <Failure error={error} /> : null}
      </form>
    </Problems>
  );
}

function fieldOf(form: HTMLFormElement | null, problem: FieldProblem): HTMLElement | undefined {
  const found = form?.elements.namedItem(nameOf(problem));
  return found instanceof HTMLElement ? found : undefined;
}

function nameOf({ path }: FieldProblem): string {
  return path.join('.');
}
