import { readFileSync } from 'node:fs';

/** Types of the language that the typings use; a model of the same name would hide them. */
const globals = ['Error', 'Promise', 'Record', 'Date', 'Map', 'URL', 'Response', 'AbortSignal', 'AsyncGenerator', 'Partial'];

const typings = ['calls', 'credentials', 'nango'].map(read).join('\n');
const declared = [...typings.matchAll(/^export (?:declare )?(?:class|interface|type) (\w+)/gm)].flatMap(([, name]) => name ?? []);

// The first line speaks to our own linter, the imports to our compiler: a script has all of it in one file.
function read(name: string): string {
  return readFileSync(new URL(`../typings/${name}.d.ts`, import.meta.url), 'utf8')
    .replace(/^\/\*.*\n/, '')
    .replaceAll(/^import type [^;]*;\n/gm, '');
}

/** The declarations of `nango` that scripts are checked against. A user's model keeps its name; a declaration of the same name gives way. */
export function sdkTypings(modelNames: string[]): string {
  const taken = new Set(modelNames);
  let text = typings;
  for (const name of declared) if (taken.has(name)) text = text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `Builtin${name}`);
  for (const name of globals) if (taken.has(name)) text = text.replaceAll(new RegExp(`(?<=[:<|(=] |<|extends |new )${name}\\b`, 'g'), `globalThis.${name}`);
  return text.trim();
}
