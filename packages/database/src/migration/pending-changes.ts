import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handWritten, withEngine } from './engine.js';
import { prismaFolder, readMigrations } from './migration-list.js';

/** The SQL that leads from the migrations to `schema.prisma`; empty when they agree. Makes and drops a shadow database on the server. */
export function pendingChanges(url: string): Promise<string> {
  const path = join(prismaFolder, 'schema.prisma');
  return withEngine(url, async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...readMigrations() },
      to: { tag: 'schemaDatamodel', files: [{ path, content: readFileSync(path, 'utf8') }] },
      script: true,
      exitCode: null,
      filters: handWritten,
    });
    return stdout?.startsWith('-- This is an empty migration') ? '' : (stdout ?? '');
  });
}
