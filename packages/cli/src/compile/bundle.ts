import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { build, type BuildFailure, type Message, type Plugin } from 'esbuild';
import { moduleRefusal } from './allowed-modules.js';
import type { CompileProblem } from './compile-problem.js';
import { isInside, replacesModels, rootModels } from './models-import.js';

/** A script as one CommonJS file, with the files of the project that went into it. */
export type Bundle = { kind: 'bundled'; js: string; inputs: string[] } | { kind: 'failed'; problems: CompileProblem[] };

/** Bundles a script with the project's files that it imports; packages stay outside. */
export async function bundleScript(folder: string, file: string): Promise<Bundle> {
  try {
    const result = await build({
      entryPoints: [file],
      absWorkingDir: folder,
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'cjs',
      target: 'es2022',
      charset: 'utf8',
      // In the code itself: a deploy has no other place for it. The author's files go along as they are.
      sourcemap: 'inline',
      sourcesContent: false,
      logLevel: 'silent',
      // A tsconfig of the user's could keep type imports alive or add paths that the sandbox does not know.
      tsconfigRaw: '{}',
      plugins: [projectImports(realpathSync(folder))],
    });
    const inputs = Object.keys(result.metafile.inputs).map((input) => resolve(folder, input));
    return { kind: 'bundled', js: result.outputFiles[0]?.text ?? '', inputs };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { kind: 'failed', problems: error.errors.map((message) => problemOf(message, file)) };
  }
}

function projectImports(folder: string): Plugin {
  return {
    name: 'project-imports',
    setup: ({ onResolve }) => {
      onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return undefined;
        if (!path.startsWith('.') && !path.startsWith('/')) {
          const refusal = moduleRefusal(path);
          return refusal ? { errors: [{ text: refusal }] } : { path, external: true };
        }
        const target = resolve(dirname(importer), path);
        if (!isInside(folder, target)) return { errors: [{ text: `'${path}' lies outside of this folder; only files below it can be imported` }] };
        return replacesModels(folder, target) ? { path: rootModels(folder) } : undefined;
      });
    },
  };
}

function problemOf({ location, text }: Message, entry: string): CompileProblem {
  return { severity: 'error', file: location?.file ?? entry, line: location?.line ?? 1, column: (location?.column ?? 0) + 1, message: text };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
