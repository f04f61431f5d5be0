/** Something wrong in a script. Lines and columns count from 1; `file` is relative to the project. */
export type CompileProblem = { severity: 'error' | 'warning'; file: string; line: number; column: number; message: string };

/** One line: `github/syncs/issues.ts:12:7 error: ...`. */
export function formatCompileProblem({ severity, file, line, column, message }: CompileProblem): string {
  return `${file}:${line}:${column} ${severity}: ${message}`;
}
