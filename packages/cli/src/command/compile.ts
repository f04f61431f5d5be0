import { CliError } from '../cli-error.js';
import { compileScripts, writeCompiled } from '../compile/compile.js';
import { reportCompilation } from '../compile/report.js';
import { generateModels } from '../project/generate.js';
import { loadProject } from '../project/project.js';
import type { Terminal } from '../terminal.js';

/** Checks and compiles every script into `dist`. */
export async function compile(folder: string, terminal: Terminal, { compileInterfaces }: { compileInterfaces: boolean }): Promise<void> {
  const project = loadProject(folder, terminal);
  if (compileInterfaces) generateModels(project);
  const { scripts } = await compileScripts(project, project.scripts);
  writeCompiled(folder, scripts);
  if (!reportCompilation(scripts, terminal)) throw new CliError('Not every script could be compiled');
  terminal.good(`Compiled ${scripts.length} ${scripts.length === 1 ? 'script' : 'scripts'} into dist`);
}
