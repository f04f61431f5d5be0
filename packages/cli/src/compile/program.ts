import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { bundledLibraries, realmFolder } from 'script';
import ts from 'typescript';
import type { CompileProblem } from './compile-problem.js';
import { displayName } from '../project/project.js';
import { replacesModels, rootModels } from './models-import.js';

const require = createRequire(import.meta.url);
const libraries = new Set<string>([...Object.keys(bundledLibraries), 'lodash']);

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  esModuleInterop: true,
  allowSyntheticDefaultImports: true,
  resolveJsonModule: true,
  forceConsistentCasingInFileNames: true,
  typeRoots: [dirname(dirname(require.resolve('@types/node/package.json')))],
  types: ['node'],
};

/** One TypeScript program over all scripts of a project, so that the language's own declarations are read once. */
export function createScriptProgram(folder: string, files: string[], previous?: ts.Program): ts.Program {
  const host = ts.createCompilerHost(options);
  shareDeclarations(host);
  const cache = ts.createModuleResolutionCache(folder, (name) => name, options);
  host.resolveModuleNameLiterals = (literals, containingFile) => literals.map(({ text }) => resolveImport(folder, { text, containingFile, host, cache }));
  return ts.createProgram({ rootNames: files, options, host, ...(previous ? { oldProgram: previous } : {}) });
}

const nodeTypes = dirname(require.resolve('@types/node/package.json'));
const declarations = new Map<string, ts.SourceFile | undefined>();

/** The declarations of the language and of Node never change while the process runs; reading them is most of a small program's time. */
function shareDeclarations(host: ts.CompilerHost): void {
  const read = host.getSourceFile.bind(host);
  const library = host.getDefaultLibLocation?.() ?? nodeTypes;
  host.getSourceFile = (file, ...rest) => {
    if (!file.startsWith(library) && !file.startsWith(nodeTypes)) return read(file, ...rest);
    if (!declarations.has(file)) declarations.set(file, read(file, ...rest));
    return declarations.get(file);
  };
}

/** What TypeScript finds wrong in one file. */
export function typeProblems(folder: string, program: ts.Program, file: string): CompileProblem[] {
  const source = program.getSourceFile(file);
  if (!source) return [];
  const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return diagnostics.map(({ start = 0, messageText, code }) => {
    const { line, character } = source.getLineAndCharacterOfPosition(start);
    const message = `${ts.flattenDiagnosticMessageText(messageText, ' ')} (TS${code})`;
    return { severity: 'error' as const, file: displayName(folder, file), line: line + 1, column: character + 1, message };
  });
}

/** A script and the files of the project that it imports, directly or not; the generated models are not among them. */
export function sourcesOf(folder: string, program: ts.Program, file: string): ts.SourceFile[] {
  const checker = program.getTypeChecker();
  const found = new Set<ts.SourceFile>();
  const visit = (source: ts.SourceFile | undefined): void => {
    if (!source || found.has(source) || source.isDeclarationFile || isGenerated(folder, source.fileName)) return;
    found.add(source);
    for (const statement of source.statements) {
      if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) || !statement.moduleSpecifier) continue;
      visit(checker.getSymbolAtLocation(statement.moduleSpecifier)?.declarations?.find(ts.isSourceFile));
    }
  };
  visit(program.getSourceFile(file));
  return [...found];
}

function isGenerated(folder: string, file: string): boolean {
  return resolve(file) === rootModels(folder) || resolve(file) === resolve(folder, '.nango/schema.ts');
}

type Import = { text: string; containingFile: string; host: ts.ModuleResolutionHost; cache: ts.ModuleResolutionCache };

function resolveImport(folder: string, { text, containingFile, host, cache }: Import): ts.ResolvedModuleWithFailedLookupLocations {
  if (text.startsWith('.') && replacesModels(folder, resolve(dirname(containingFile), text))) {
    return { resolvedModule: { resolvedFileName: rootModels(folder), extension: ts.Extension.Ts, isExternalLibraryImport: false } };
  }
  const found = ts.resolveModuleName(text, containingFile, options, host, cache);
  if (found.resolvedModule) return found;
  // A project without its own zod gets the one that the sandbox provides: version 3 under the plain name.
  if (/^zod($|\/)/.test(text)) return ts.resolveModuleName(text === 'zod' ? 'zod/v3' : text, import.meta.filename, options, host);
  // Likewise the libraries: their types stand beside what the sandbox is built of, where that is installed.
  return libraries.has(text) ? ts.resolveModuleName(text, `${realmFolder}realm.js`, options, host) : found;
}
