import { rmSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { watch } from 'chokidar';
import type ts from 'typescript';
import { CliError } from '../cli-error.js';
import { compiledFile, compileScripts, writeCompiled } from '../compile/compile.js';
import { reportCompilation } from '../compile/report.js';
import { generateModels } from '../project/generate.js';
import { findScript, loadProject, type Project } from '../project/project.js';
import type { Terminal } from '../terminal.js';

/** A change waits this long for those that come with it, as when an editor saves all files. */
const settleMs = 100;

/** Compiles the whole project now and after every change, until it is stopped. */
export async function dev(folder: string, terminal: Terminal, options: { compileInterfaces: boolean; signal: AbortSignal }): Promise<void> {
  const rounds = new CompileRounds(folder, terminal, options.compileInterfaces);
  await rounds.run();
  const watcher = watch(folder, { ignoreInitial: true, ignored: (path) => isIgnored(folder, path) });
  watcher.on('all', (_, path) => rounds.note(resolve(path)));
  await new Promise<void>((ready) => watcher.once('ready', () => ready()));
  terminal.print('Watching for changes; Ctrl-C ends it.');
  await new Promise<void>((stopped) => (options.signal.aborted ? stopped() : options.signal.addEventListener('abort', () => stopped(), { once: true })));
  await watcher.close();
  await rounds.settle();
}

/** One compilation at a time; changes during one are taken up by the next. */
class CompileRounds {
  #program: ts.Program | undefined;
  #located = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly terminal: Terminal,
    private readonly compileInterfaces: boolean,
  ) {}

  note(path: string): void {
    clearTimeout(this.#timer);
    this.terminal.print(`${relative(this.folder, path)} changed`);
    this.#timer = setTimeout(() => (this.#round = this.#round.then(() => this.run())), settleMs);
  }

  async settle(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#round;
  }

  async run(): Promise<void> {
    try {
      const project = loadProject(this.folder, this.terminal);
      if (this.compileInterfaces) generateModels(project);
      const { scripts, program } = await compileScripts(project, project.scripts, this.#program);
      this.#program = program;
      writeCompiled(this.folder, scripts);
      this.#removeOrphans(project);
      if (reportCompilation(scripts, this.terminal)) this.terminal.good(`Compiled ${scripts.length} scripts`);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      for (const line of [error.message, ...error.details]) this.terminal.bad(line);
    }
  }

  /** A script that has lost its file or its place in nango.yaml loses its compiled file too. */
  #removeOrphans(project: Project): void {
    const present = new Map(
      project.scripts.flatMap((script) => (findScript(this.folder, script) ? [[compiledFile(this.folder, script), script.name] as const] : [])),
    );
    for (const [file, name] of this.#located) {
      if (present.has(file)) continue;
      rmSync(file, { force: true });
      this.terminal.print(`Removed the compiled '${name}'`);
    }
    this.#located = present;
  }
}

function isIgnored(folder: string, path: string): boolean {
  const way = relative(folder, path);
  if (way === '') return false;
  const parts = way.split(sep);
  if (parts.some((part) => part === 'node_modules' || part === 'dist' || part.startsWith('.'))) return true;
  if (resolve(path) === join(folder, 'models.ts')) return true;
  const isFile = /\.[^.]+$/.test(basename(path));
  return isFile && !path.endsWith('.ts') && way !== 'nango.yaml';
}
