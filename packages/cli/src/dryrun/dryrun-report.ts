import type { RunOutcome } from 'jail';
import type { ExecutionError } from 'model';
import type { Terminal } from '../terminal.js';
import type { Recorded } from './recorded.js';

const pageSize = 10;

const operations = [
  { operation: 'save', title: 'added' },
  { operation: 'update', title: 'updated' },
  { operation: 'delete', title: 'deleted' },
] as const;

/** Prints what a sync would have written: counts per model, then the records, ten at a time where somebody can say no. */
export async function reportRecords(recorded: Recorded, terminal: Terminal, everything: boolean): Promise<void> {
  if (recorded.saves.length === 0) terminal.print('The sync saved nothing.');
  for (const model of recorded.models()) {
    const counts = Object.fromEntries(operations.map(({ operation, title }) => [title, recorded.of(model, operation).length]));
    terminal.good(`${model}: ${JSON.stringify(counts)}`);
    for (const { operation, title } of operations) await printRecords(`${model} ${title}`, recorded.of(model, operation), terminal, everything);
  }
  for (const { mode, metadata } of recorded.metadata)
    terminal.print(`Metadata would be ${mode === 'replace' ? 'replaced by' : 'merged with'} ${JSON.stringify(metadata)}`);
  if (recorded.checkpointSaved) terminal.print(`The checkpoint would be ${JSON.stringify(recorded.checkpoint)}`);
  if (recorded.lastSyncDate) terminal.print(`The next last sync date would be ${recorded.lastSyncDate}`);
}

/** Prints an action's output as JSON. */
export function reportOutput(output: unknown, terminal: Terminal): void {
  terminal.print(output === undefined || output === null ? 'no output' : JSON.stringify(output, null, 2));
}

/** A failed run in lines: code, message, what the external API said, and where the script threw. */
export function failureLines(outcome: Exclude<RunOutcome, { kind: 'succeeded' }>): string[] {
  if (outcome.kind === 'cancelled') return ['The run was cancelled'];
  const { code, message, payload, upstream } = outcome.error;
  return [
    `${code}: ${message}`,
    ...(upstream ? [`  answer of the external API: ${upstream.status} ${JSON.stringify(upstream.body)}`] : payloadLines(payload)),
    ...stackOf(outcome.error),
  ];
}

async function printRecords(title: string, records: Record<string, unknown>[], terminal: Terminal, everything: boolean): Promise<void> {
  for (let start = 0; start < records.length; start += pageSize) {
    const page = records.slice(start, start + pageSize);
    terminal.print(`${title} ${start + 1} to ${start + page.length} of ${records.length}:`);
    for (const record of page) terminal.print(JSON.stringify(record, null, 2));
    const more = start + pageSize < records.length;
    if (more && !everything && !(await terminal.confirm('Show the next ones?'))) return;
  }
}

function payloadLines(payload: unknown): string[] {
  if (typeof payload !== 'object' || payload === null) return [];
  const { stack: _, message: __, name: ___, code: ____, ...rest } = payload as Record<string, unknown>;
  return Object.keys(rest).length > 0 ? [`  ${JSON.stringify(rest)}`] : [];
}

function stackOf({ payload }: ExecutionError): string[] {
  const stack = typeof payload === 'object' && payload !== null && 'stack' in payload ? payload.stack : [];
  return Array.isArray(stack) ? stack.map((line) => `  ${String(line)}`) : [];
}
