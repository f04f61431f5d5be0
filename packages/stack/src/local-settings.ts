import { join } from 'node:path';
import { defaultHome } from './home.js';
import { readKeys } from './keys.js';
import { readStackFile } from './stack-file.js';

/** Environment variables with which a program reaches the data of the stack that runs in this working tree; empty when none does. */
export async function localSettings(): Promise<{ NANGO_DATABASE_URL?: string; NANGO_ENCRYPTION_KEY?: string }> {
  const [stack, keys] = [readStackFile(join(defaultHome, 'stack.json')), await readKeys(defaultHome)];
  return stack && keys ? { NANGO_DATABASE_URL: stack.databaseUrl, NANGO_ENCRYPTION_KEY: keys.encryptionKey } : {};
}
