import type { WorkflowHandle } from '@temporalio/client';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

type History = ReturnType<typeof historyFromJSON>;

const folder = fileURLToPath(new URL('./histories/', import.meta.url));

/** With RECORD_HISTORIES set, keeps the workflow's history for the replay test, without the names and paths of machines. */
export async function recordIfAsked(handle: WorkflowHandle, name: string): Promise<void> {
  if (!process.env['RECORD_HISTORIES']) return;
  await mkdir(folder, { recursive: true });
  const history: unknown = JSON.parse(historyToJSON(await handle.fetchHistory()));
  await writeFile(`${folder}${name}.json`, `${JSON.stringify(anonymous(history), null, 1)}\n`);
}

/** The recorded histories by name. */
export async function readHistories(): Promise<[name: string, history: History][]> {
  const files = (await readdir(folder)).sort();
  return Promise.all(
    files.map(async (file): Promise<[string, History]> => [file.replace('.json', ''), historyFromJSON(JSON.parse(await readFile(`${folder}${file}`, 'utf8')))]),
  );
}

function anonymous(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(anonymous);
  if (typeof value === 'string')
    return value.replace(/\d+@[\w.-]+?(?=-[\w-]*workflows|$)/, 'worker').replaceAll(/(?:file:\/\/)?\/[^\s()]*?\/(?=(?:apps|packages|node_modules)\/)/g, '');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, anonymous(item)]));
}
