import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseTemplate } from './integration-provider.js';
import type { Provider } from './provider.js';

/** An entry as it stands in a file: everything may come from the entry it names as its `alias`. */
type Entry = { file: string; fields: Record<string, unknown> };

const folder = fileURLToPath(new URL('../catalogue/', import.meta.url));
const FileShape = z.record(z.string(), z.record(z.string(), z.unknown()));

let loaded: ReadonlyMap<string, Provider> | undefined;

/** Every provider by name, in the order of names. Read and checked once per process; a wrong file names itself in the error. */
export function loadProviders(): ReadonlyMap<string, Provider> {
  loaded ??= readCatalogue(folder);
  return loaded;
}

/** The provider of this name, or nothing. */
export function findProvider(name: string): Provider | undefined {
  return loadProviders().get(name);
}

/** Reads a folder of YAML files, each a map from provider name to provider. For {@link loadProviders} and tests. */
export function readCatalogue(path: string): ReadonlyMap<string, Provider> {
  const entries = new Map<string, Entry>();
  for (const file of readdirSync(path).filter((name) => name.endsWith('.yaml'))) {
    for (const [name, fields] of Object.entries(readFile(path, file))) {
      const other = entries.get(name);
      if (other) throw new Error(`provider '${name}' stands in ${other.file} and in ${file}`);
      entries.set(name, { file, fields });
    }
  }
  return new Map([...entries.keys()].sort().map((name) => [name, toProvider(name, entries)]));
}

function readFile(path: string, file: string): Record<string, Record<string, unknown>> {
  const result = FileShape.safeParse(parse(readFileSync(join(path, file), 'utf8'), { merge: true }));
  if (!result.success) throw new Error(`${file} is no map from provider name to provider`);
  return result.data;
}

function toProvider(name: string, entries: Map<string, Entry>): Provider {
  const result = parseTemplate({ ...resolve(name, entries, []), name });
  if (!result.success) throw new Error(`provider '${name}' in ${entries.get(name)?.file}: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** An alias is a shallow spread: an own `proxy` replaces the target's whole. */
function resolve(name: string, entries: Map<string, Entry>, via: string[]): Record<string, unknown> {
  if (via.includes(name)) throw new Error(`providers ${[...via, name].join(' -> ')} are aliases of each other`);
  const entry = entries.get(name);
  if (!entry) throw new Error(`provider '${via.at(-1)}' is an alias of '${name}', which does not exist`);
  const { alias, ...own } = entry.fields;
  return typeof alias === 'string' ? { ...resolve(alias, entries, [...via, name]), ...own } : own;
}
