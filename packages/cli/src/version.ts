import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** This CLI's version, as in its package.json. */
export const version: string = (require('../package.json') as { version: string }).version;
