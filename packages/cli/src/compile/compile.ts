import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestScript } from 'manifest';
import type { ScriptFile } from 'model';
import type ts from 'typescript';
import { displayName, findScript, type Project } from '../project/project.js';
import { bundleScript } from './bundle.js';
import type { CompileProblem } from './compile-problem.js';
import { lintScript } from './lint.js';
import { createScriptProgram, sourcesOf, typeProblems } from './program.js';

/** What became of one script. `code` is there when no problem is an error. */
export type CompiledScript = { script: ManifestScript; file: string | null; code: ScriptFile | null; problems: CompileProblem[] };

/** All compiled scripts, and the program to hand to the next compilation, which makes it faster. */
export type Compilation = { scripts: CompiledScript[]; program: ts.Program };

/** Checks and bundles scripts; writes nothing. */
export async function compileScripts({ folder, manifest }: Project, scripts: ManifestScript[], previous?: ts.Program): Promise<Compilation> {
  const located = scripts.map((script) => ({ script, file: findScript(folder, script) }));
  const files = [...new Set(located.flatMap(({ file }) => file ?? []))];
  // Bundling runs in esbuild's own process meanwhile.
  const bundles = Promise.all(files.map(async (file) => [file, await bundleScript(folder, file)] as const));
  const program = createScriptProgram(folder, files, previous);
  const models = new Set(manifest.models.map(({ name }) => name));
  const checks = located.map(({ script, file }) => (file ? checkScript(folder, program, { file, script, models }) : [missing(script)]));
  const bundled = new Map(await bundles);
  const compiled = located.map(({ script, file }, index) => {
    const bundle = file ? bundled.get(file) : undefined;
    const problems = merged(checks[index] ?? [], bundle?.kind === 'failed' ? bundle.problems : []);
    const failed = problems.some(({ severity }) => severity === 'error');
    const code = file && bundle?.kind === 'bundled' && !failed ? { js: bundle.js, ts: readFileSync(file, 'utf8') } : null;
    return { script, file, code, problems };
  });
  return { scripts: compiled, program };
}

/** Where a compiled script is written to: `dist/<script>-<integration>.js`. */
export function compiledFile(folder: string, { name, providerConfigKey }: ManifestScript): string {
  return join(folder, 'dist', `${name}-${providerConfigKey}.js`);
}

/** Writes what could be compiled to `dist`. */
export function writeCompiled(folder: string, scripts: CompiledScript[]): void {
  mkdirSync(join(folder, 'dist'), { recursive: true });
  for (const { script, code } of scripts) if (code) writeFileSync(compiledFile(folder, script), code.js);
}

type Check = { file: string; script: ManifestScript; models: Set<string> };

function checkScript(folder: string, program: ts.Program, { file, script, models }: Check): CompileProblem[] {
  const sources = sourcesOf(folder, program, file);
  const types = sources.flatMap((source) => typeProblems(folder, program, source.fileName));
  return [...types, ...lintScript(folder, sources, { kind: script.kind, models })];
}

function missing(script: ManifestScript): CompileProblem {
  const file = displayName('', `${script.providerConfigKey}/${script.folder}/${script.name}.ts`);
  return { severity: 'error', file, line: 1, column: 1, message: `the script has no file; 'nango generate' writes a first version` };
}

/** The bundler and TypeScript see the same mistakes: of a refused import the bundler says more, of bad syntax TypeScript does. */
function merged(checked: CompileProblem[], bundling: CompileProblem[]): CompileProblem[] {
  const refused = new Set(bundling.map(placeOf));
  const kept = checked.filter((problem) => !refused.has(placeOf(problem)));
  const lines = new Set(kept.map(lineOf));
  const problems = [...kept, ...bundling.filter((problem) => !lines.has(lineOf(problem)))];
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function lineOf({ file, line }: CompileProblem): string {
  return `${file}:${line}`;
}

function placeOf(problem: CompileProblem): string {
  return `${lineOf(problem)}:${problem.column}`;
}
