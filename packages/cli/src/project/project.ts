import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { formatProblem, type ManifestProblem, type ManifestScript, parseManifest, type ParsedManifest, scriptsOf } from 'manifest';
import { CliError } from '../cli-error.js';
import type { Terminal } from '../terminal.js';

/** A nango-integrations folder whose nango.yaml has been understood. */
export type Project = { folder: string; yaml: string; manifest: ParsedManifest; scripts: ManifestScript[] };

/** Reads a project; prints warnings, throws a {@link CliError} with every error of nango.yaml. */
export function loadProject(folder: string, terminal: Terminal): Project {
  const file = join(folder, 'nango.yaml');
  if (!existsSync(file)) throw new CliError(`There is no nango.yaml in ${folder}. Go to your nango-integrations folder, or make one with 'nango init'`);
  const yaml = readFileSync(file, 'utf8');
  const { manifest, problems } = parseManifest(yaml, { folderName: basename(folder) });
  printWarnings(problems, terminal);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (!manifest) throw new CliError(`nango.yaml has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}`, errors.map(formatProblem));
  return { folder, yaml, manifest, scripts: scriptsOf(manifest) };
}

/** Where a script's file is, or null: the nested place first, then the folder's root. */
export function findScript(folder: string, script: ManifestScript): string | null {
  const places = [nestedPlace(folder, script), rootPlace(folder, script)];
  return places.find((place) => existsSync(place)) ?? null;
}

/** Where a new script's file belongs: yaml v1 knows only the root. */
export function newScriptPlace({ folder, manifest }: Project, script: ManifestScript): string {
  return manifest.yamlVersion === 'v1' ? rootPlace(folder, script) : nestedPlace(folder, script);
}

/** A file's name as the user would type it. */
export function displayName(folder: string, file: string): string {
  return relative(folder, file) || file;
}

/** A script in words: `github/syncs/issues`. */
export function scriptTitle({ providerConfigKey, folder, name }: ManifestScript): string {
  return `${providerConfigKey}/${folder}/${name}`;
}

function nestedPlace(folder: string, { providerConfigKey, folder: kind, name }: ManifestScript): string {
  return join(folder, providerConfigKey, kind, `${name}.ts`);
}

/** Where scripts lay before integrations had folders: beside nango.yaml. */
export function rootPlace(folder: string, { name }: ManifestScript): string {
  return join(folder, `${name}.ts`);
}

// A word that is no model is a string, as in 'open | closed'; only one that looks like a model's name may be a slip.
function printWarnings(problems: ManifestProblem[], terminal: Terminal): void {
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  for (const warning of warnings) if (warning.code !== 'model_not_found_fallback' || /^'[A-Z]/.test(warning.message)) terminal.warn(formatProblem(warning));
}
