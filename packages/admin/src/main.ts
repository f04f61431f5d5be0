import { Command } from 'commander';
import { isAppError } from 'model';
import { ConfigurationError } from 'service';
import { rotateKeys, type RotateOptions } from './keys-rotate.command.js';
import { showKeys } from './keys-status.command.js';

const program = new Command('nango-admin').description("Works on a platform's database with the environment variables of its services.");
const keys = program.command('keys').description('encryption keys (docs/encryption.md)');

keys.command('status').description('which keys exist and how many rows each has sealed').action(showKeys);

keys
  .command('rotate')
  .description('wrap data keys with the current key-encryption key, and seal everything with new data keys; both unless one is named')
  .option('--kek', 'only wrap the data keys anew')
  .option('--data', 'only make new data keys and seal everything with them')
  .option('--dry-run', 'only say what would be done')
  .option('--no-wait', 'do not wait until the old data keys can be deleted; the next "keys rotate" does it')
  .action((options: RotateOptions) => rotateKeys(options));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ConfigurationError) && !isAppError(error)) throw error;
  process.stderr.write(`nango-admin: ${error.message}\n`);
  process.exitCode = 1;
}
