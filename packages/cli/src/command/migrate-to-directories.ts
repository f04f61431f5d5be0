import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError } from '../cli-error.js';
import { displayName, findScript, loadProject, newScriptPlace, type Project, rootPlace } from '../project/project.js';
import type { Terminal } from '../terminal.js';
import { rootModels } from '../compile/models-import.js';
import { Moves } from './moved-imports.js';

/** Moves scripts that lie beside nango.yaml into `<integration>/syncs` and the like, and has every import follow them. */
export function migrateToDirectories(folder: string, terminal: Terminal): void {
  const project = loadProject(folder, terminal);
  if (project.manifest.yamlVersion === 'v1') throw new CliError(`nango.yaml is of version 1, whose scripts lie beside it. Run 'nango migrate-config' first`);
  const name = (file: string): string => displayName(folder, file);
  const places = placesOf(project);
  for (const { from, to } of takenPlaces(project, places)) terminal.warn(`${name(from)} stays where it is: ${name(to)} is there already`);
  const moves = new Moves(folder, places);
  if (moves.isEmpty) return terminal.print('No script lies beside nango.yaml; nothing was moved.');
  // All of it is worked out first, so that a file which cannot be read leaves the project as it was.
  const moved = moves.moved();
  const adjusted = moves.adjusted();
  for (const { to, text } of moved) {
    mkdirSync(dirname(to), { recursive: true });
    // Refuses a file that has come there meanwhile.
    writeFileSync(to, text, { flag: 'wx' });
  }
  for (const { file, text } of adjusted) writeFileSync(file, text);
  for (const file of new Set(moved.map(({ from }) => from))) rmSync(file);
  for (const { from, to } of moved) terminal.print(`${name(from)} -> ${name(to)}`);
  for (const { file } of adjusted) terminal.print(`${name(file)}: its imports follow`);
  terminal.good(`Moved ${moved.length} ${moved.length === 1 ? 'script' : 'scripts'}. Run 'nango compile' to see that everything still fits.`);
}

/** Files in the root that no script stands behind any more, since each has its file already. */
function takenPlaces(project: Project, places: Map<string, string[]>): { from: string; to: string }[] {
  const both = project.scripts.map((script) => ({ from: rootPlace(project.folder, script), to: newScriptPlace(project, script) }));
  return both.filter(({ from, to }) => existsSync(from) && existsSync(to) && !places.has(from) && from !== rootModels(project.folder));
}

/** New places of each script in the root: several where integrations share it. A script that has its file already stays out of it. */
function placesOf(project: Project): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const script of project.scripts) {
    const from = rootPlace(project.folder, script);
    const to = newScriptPlace(project, script);
    // The generated models are no script, whatever a script is called.
    if (findScript(project.folder, script) !== from || from === rootModels(project.folder)) continue;
    places.set(from, [...(places.get(from) ?? []), to]);
  }
  return places;
}
