import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { modelsFile, schemaDocument, schemaTypesFile } from 'manifest';
import { scaffold } from '../template/scaffold.js';
import { version } from '../version.js';
import { displayName, findScript, newScriptPlace, type Project } from './project.js';

/** Writes `models.ts`, `.nango/schema.ts` and `.nango/schema.json`. */
export function generateModels({ folder, manifest }: Project): void {
  writeIfChanged(join(folder, 'models.ts'), modelsFile(manifest, version));
  writeIfChanged(join(folder, '.nango', 'schema.ts'), schemaTypesFile(manifest, version));
  writeIfChanged(join(folder, '.nango', 'schema.json'), `${JSON.stringify(schemaDocument(manifest, version), null, 2)}\n`);
}

/** Writes a first version of every script that has no file, and answers their names. Existing files are never touched. */
export function generateScaffolds(project: Project): string[] {
  const missing = project.scripts.filter((script) => findScript(project.folder, script) === null);
  return missing.map((script) => {
    const file = newScriptPlace(project, script);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, scaffold(project.manifest, script));
    return displayName(project.folder, file);
  });
}

// An unchanged file keeps its date, so that watchers stay quiet.
function writeIfChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
