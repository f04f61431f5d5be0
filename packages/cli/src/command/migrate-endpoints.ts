import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { parseManifest } from 'manifest';
import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type Scalar } from 'yaml';
import { CliError } from '../cli-error.js';
import { loadProject } from '../project/project.js';
import type { Terminal } from '../terminal.js';

type Change = { start: number; end: number; text: string; title: string };
const kinds = { syncs: 'GET', actions: 'POST' } as const;

/** Writes endpoints such as `GET /issues` as objects. Only they change: comments, order and layout of nango.yaml stay. */
export function migrateEndpoints(folder: string, terminal: Terminal): void {
  const { manifest, yaml } = loadProject(folder, terminal);
  if (manifest.yamlVersion === 'v1') throw new CliError(`nango.yaml is of version 1, which has no endpoints. Run 'nango migrate-config' first`);
  const changes = findChanges(yaml, terminal);
  if (changes.length === 0) return terminal.print('Every endpoint is an object already; nothing was changed.');
  const migrated = changes.reduceRight((text, { start, end, text: endpoint }) => text.slice(0, start) + endpoint + text.slice(end), yaml);
  const file = join(folder, 'nango.yaml');
  // A file that another program has changed meanwhile is not written over.
  if (readFileSync(file, 'utf8') !== yaml) throw new CliError('nango.yaml was changed meanwhile; nothing was written. Run the command again');
  if (!isDeepStrictEqual(parseManifest(migrated).manifest?.integrations, parseManifest(yaml).manifest?.integrations))
    throw new CliError('The endpoints of this nango.yaml cannot be rewritten without changing what they mean; nothing was changed');
  writeFileSync(file, migrated);
  for (const { title, text } of changes) terminal.print(`${title}: ${text}`);
  terminal.good(`${changes.length} ${changes.length === 1 ? 'endpoint of nango.yaml is an object' : 'endpoints of nango.yaml are objects'} now.`);
}

/** In the order of the file. */
function findChanges(yaml: string, terminal: Terminal): Change[] {
  const changes = new Map<number, Change>();
  for (const [integration, settings] of entriesOf(parseDocument(yaml, { merge: true }).get('integrations', true)))
    for (const [kind, method] of Object.entries(kinds))
      for (const [name, script] of entriesOf(isMap(settings) ? settings.get(kind, true) : null)) {
        const title = `${integration}/${kind}/${name}`;
        for (const node of endpointsOf(script)) {
          if (isAlias(node)) terminal.warn(`${title}: the endpoint *${node.source} is left as it is; write it out to have it changed`);
          const change = isScalar(node) ? changeOf(node, method, title) : null;
          if (change) changes.set(change.start, change);
        }
      }
  return [...changes.values()].sort((one, other) => one.start - other.start);
}

function entriesOf(node: unknown): [string, unknown][] {
  if (!isMap(node)) return [];
  return node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), value]);
}

function endpointsOf(script: unknown): Node[] {
  const found = isMap(script) ? script.get('endpoint', true) : null;
  return (isSeq(found) ? found.items : [found]) as Node[];
}

function changeOf({ value, range }: Scalar, method: string, title: string): Change | null {
  if (typeof value !== 'string' || !range) return null;
  const words = value.trim().split(/\s+/);
  const [verb = method, path = ''] = words.length > 1 ? words : [undefined, words[0]];
  return { start: range[0], end: range[1], text: `{ method: ${verb.toUpperCase()}, path: ${plain(path)} }`, title };
}

/** As it stands where a text within braces may, else in quotes. */
function plain(path: string): string {
  return /^[a-zA-Z0-9_./-]+$/.test(path) ? path : JSON.stringify(path);
}
