import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prismaFolder } from './migration/migration-list.js';
import { pendingChanges } from './migration/pending-changes.js';

const [name] = process.argv.slice(2);
const url = process.env.NANGO_DATABASE_URL;
if (!name || !url) {
  process.stderr.write('usage: NANGO_DATABASE_URL=postgres://... author <name>\n');
  process.exit(2);
}

const sql = await pendingChanges(url);
if (sql === '') {
  process.stdout.write('the migrations are up to date with schema.prisma\n');
} else {
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const folder = join(prismaFolder, 'migrations', `${stamp}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), sql);
  process.stdout.write(`${folder}\n`);
}
process.exit(0); // The engine leaves a timer of 10 s behind.
