import type { MigrationDirectory, MigrationList } from '@prisma/schema-engine-wasm';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `prisma/` of this package, from `src/migration` as well as from `dist/migration`. */
export const prismaFolder = fileURLToPath(new URL('../../prisma', import.meta.url));

/** The migrations folder as the schema engine wants it: read ahead, since WebAssembly has no files. */
export function readMigrations(baseDir = join(prismaFolder, 'migrations')): MigrationList {
  const lockfile = join(baseDir, 'migration_lock.toml');
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: existsSync(lockfile) ? readFileSync(lockfile, 'utf8') : null },
    shadowDbInitScript: '',
    migrationDirectories: foldersOf(baseDir).map((path) => readMigration(baseDir, path)),
  };
}

function foldersOf(baseDir: string): string[] {
  if (!existsSync(baseDir)) return [];
  const entries = readdirSync(baseDir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

function readMigration(baseDir: string, path: string): MigrationDirectory {
  const value = readFileSync(join(baseDir, path, 'migration.sql'), 'utf8');
  return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
}
