import { readFileSync } from 'node:fs';

/** Types of the language that the typings use; a model of the same name would hide them. */
const globals = ['Error', 'Promise', 'Record', 'Date', 'Map', 'URL', 'Response', 'AbortSignal', 'AsyncGenerator', 'Partial'];

// The first line speaks to our own linter.
const typings = readFileSync(new URL('../typings/sdk.d.ts', import.meta.url), 'utf8').replace(/^\/\*.*\n/, '');
const declared = [...typings.matchAll(/^export (?:declare )?(?:class|interface|type) (\w+)/gm)].flatMap(([, name]) => name ?? []);

/** The declarations of `nango` that scripts are checked against. A user's model keeps its name; a declaration of the same name gives way. */
export function sdkTypings(modelNames: string[]): string {
  const taken = new Set(modelNames);
  let text = typings;
  for (const name of declared) if (taken.has(name)) text = text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `Builtin${name}`);
  for (const name of globals) if (taken.has(name)) text = text.replaceAll(new RegExp(`(?<=[:<|(=] |<|extends |new )${name}\\b`, 'g'), `globalThis.${name}`);
  return text.trim();
}
