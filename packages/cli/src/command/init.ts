import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { CliError } from '../cli-error.js';
import { generateModels, generateScaffolds } from '../project/generate.js';
import { loadProject } from '../project/project.js';
import { initFiles } from '../template/init-files.js';
import type { Terminal } from '../terminal.js';

/** Makes a project with a working example: in the named folder, in a folder called nango-integrations, else in ./nango-integrations. */
export function init(path: string | undefined, terminal: Terminal, cwd = process.cwd()): void {
  const folder = newProjectFolder(path, cwd);
  if (existsSync(join(folder, '.nango'))) throw new CliError(`${folder} is a project already (it has a folder .nango); 'nango generate' brings it up to date`);
  mkdirSync(join(folder, '.nango'), { recursive: true });
  writeFileSync(join(folder, '.nango', '.gitkeep'), '');
  const hadManifest = existsSync(join(folder, 'nango.yaml'));
  for (const [file, text] of Object.entries(initFiles)) {
    // The example's script belongs to the example's nango.yaml.
    if (hadManifest && file.endsWith('.ts')) continue;
    writeNew(join(folder, file), text);
  }
  const project = loadProject(folder, terminal);
  generateModels(project);
  generateScaffolds(project);
  const place = relative(cwd, folder);
  terminal.good(`A project is ready in ${place || 'this folder'}.`);
  terminal.print(
    `Next: ${place ? `cd ${place}, ` : ''}put your secret key into .env, and try 'nango dryrun github-issue-example <connection id>' or 'nango deploy dev'.`,
  );
}

function newProjectFolder(path: string | undefined, cwd: string): string {
  if (path !== undefined) return resolve(cwd, path);
  const inside = basename(cwd) === 'nango-integrations' || existsSync(join(cwd, '.nango')) || existsSync(join(cwd, 'nango.yaml'));
  return inside ? cwd : join(cwd, 'nango-integrations');
}

function writeNew(file: string, text: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
