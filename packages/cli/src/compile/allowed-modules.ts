const builtIn = ['url', 'crypto', 'buffer', 'util'];

/** Modules that scripts may import: the sandbox provides them, a bundle never holds them. */
const allowedModules = [...builtIn, ...builtIn.map((name) => `node:${name}`), 'zod', 'zod/v3', 'zod/v4', 'lodash', 'soap', 'botbuilder', 'unzipper'];

/** What is wrong with importing a package, or null. */
export function moduleRefusal(specifier: string): string | null {
  if (allowedModules.includes(specifier)) return null;
  const allowed = allowedModules.filter((name) => !name.startsWith('node:')).join(', ');
  return `'${specifier}' cannot be imported: scripts may import ${allowed} and files of this folder; external APIs are called with nango.get and the like`;
}
