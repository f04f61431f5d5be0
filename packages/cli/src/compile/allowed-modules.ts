/** Modules that scripts may import: the sandbox provides them, a bundle never holds them. */
export const allowedModules = ['url', 'node:url', 'crypto', 'node:crypto', 'zod', 'zod/v3', 'zod/v4', 'soap', 'botbuilder', 'unzipper', 'lodash'] as const;

/** What is wrong with importing a package, or null. */
export function moduleRefusal(specifier: string): string | null {
  if ((allowedModules as readonly string[]).includes(specifier)) return null;
  return `'${specifier}' cannot be imported: scripts may import ${allowedModules.filter((name) => !name.startsWith('node:')).join(', ')} and files of this folder; external APIs are called with nango.get and the like`;
}
