import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A file as the jail sees it: where it lies on the machine, and under which name inside. */
export type JailFile = { source: string; target: string };

const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** Where a program of the system lies; undefined where it has none of that name. */
export function findProgram(name: string): string | undefined {
  return folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

/** Programs under `/bin` of the jail, with every library that the system's loader gives them. */
export function programFiles(programs: Record<string, string>): JailFile[] {
  const binaries = Object.entries(programs).map(([name, source]) => ({ source, target: `/bin/${name}` }));
  const libraries = new Set(binaries.flatMap(({ source }) => librariesOf(source)));
  return [...binaries, ...[...libraries].map((path) => ({ source: path, target: path }))];
}

/** The loader of this very process lists what it would load to start the program; it starts nothing. */
export function librariesOf(program: string): string[] {
  const listed = listLibraries(loader(), ['--list', program]);
  return [...listed.matchAll(/(?:=> |^\s+)(\/\S+)/gm)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

function loader(): string {
  const listed = listLibraries(process.execPath, ['--version'], { LD_TRACE_LOADED_OBJECTS: '1' });
  return /^\s+(\/\S*ld-\S+)/m.exec(listed)?.[1] ?? '/lib64/ld-linux-x86-64.so.2';
}

function listLibraries(program: string, args: string[], env: Record<string, string> = {}): string {
  return execFileSync(program, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** The folders that hold these files, each after the one it lies in. */
export function foldersOf(files: JailFile[]): string[] {
  const found = new Set<string>();
  for (const { target } of files) for (let at = target.lastIndexOf('/'); at > 0; at = target.lastIndexOf('/', at - 1)) found.add(target.slice(0, at));
  return [...found].sort();
}
