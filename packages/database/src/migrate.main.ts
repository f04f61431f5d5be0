import { migrate } from './migration/migrate.js';

const url = process.env.NANGO_DATABASE_URL;
if (!url) {
  process.stderr.write('NANGO_DATABASE_URL is not set\n');
  process.exit(2);
}
// The engine leaves a timer of 10 s behind, hence the exits.
try {
  const applied = await migrate(url);
  process.stdout.write(applied.length > 0 ? `applied ${applied.join(', ')}\n` : 'up to date\n');
  process.exit(0);
} catch (error) {
  process.stderr.write(`migration failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
