import { scriptTitle } from '../project/project.js';
import type { Terminal } from '../terminal.js';
import type { CompiledScript } from './compile.js';
import { formatCompileProblem } from './compile-problem.js';

/** Prints what came of compiling, each problem once; answers whether every script made it. */
export function reportCompilation(scripts: CompiledScript[], terminal: Terminal): boolean {
  const printed = new Set<string>();
  for (const problem of scripts.flatMap(({ problems }) => problems)) {
    const line = formatCompileProblem(problem);
    if (printed.has(line)) continue;
    printed.add(line);
    if (problem.severity === 'error') terminal.bad(line);
    else terminal.warn(line);
  }
  const failed = scripts.filter(({ code }) => code === null);
  for (const { script } of failed) terminal.bad(`${scriptTitle(script)} was not compiled`);
  return failed.length === 0;
}
