import { join, resolve } from 'node:path';

/** The repository's root, wherever this file runs from: `packages/stack/src` or `packages/stack/dist`. */
export const repositoryRoot = resolve(import.meta.dirname, '../../..');

/** A built program of the repository, as `node` starts it. */
export const builtProgram = (folder: string, file = 'main.js'): string => join(repositoryRoot, folder, 'dist', file);
