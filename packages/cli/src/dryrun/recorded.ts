import type { Checkpoint, SaveOperation, ScriptRecord } from 'model';

type Values = Record<string, unknown>;

/** Everything a dry run would have written, in order. */
export class Recorded {
  readonly saves: { model: string; operation: SaveOperation; records: Record<string, unknown>[] }[] = [];
  readonly metadata: { mode: 'replace' | 'merge'; metadata: Record<string, unknown> }[] = [];
  lastSyncDate: string | null = null;
  /** Whether the script has written it. */
  checkpointSaved = false;

  /** @param checkpoint what the script finds */
  constructor(public checkpoint: Checkpoint | null = null) {}

  saveCheckpoint(value: Checkpoint | null): void {
    this.checkpoint = value;
    this.checkpointSaved = true;
  }

  /** Records as they would be by now: those with the ids, living. */
  overlayRecords(model: string, ids: string[], stored: ScriptRecord[]): ScriptRecord[] {
    const known = new Map(stored.map((record) => [String(record.id), record]));
    for (const { operation, records } of this.saves.filter((save) => save.model === model)) {
      for (const record of records as ScriptRecord[]) {
        const id = String(record.id);
        if (operation === 'delete') known.delete(id);
        else if (operation === 'save') known.set(id, record);
        else if (known.has(id)) known.set(id, { ...merged(known.get(id) ?? {}, record), id: record.id });
      }
    }
    return ids.flatMap((id) => known.get(id) ?? []);
  }

  /** What the connection's metadata would be by now. */
  overlay(metadata: Record<string, unknown>): Record<string, unknown> {
    return this.metadata.reduce((now, change) => (change.mode === 'replace' ? change.metadata : { ...now, ...change.metadata }), metadata);
  }

  models(): string[] {
    return [...new Set(this.saves.map(({ model }) => model))];
  }

  of(model: string, operation: SaveOperation): Record<string, unknown>[] {
    return this.saves.filter((save) => save.model === model && save.operation === operation).flatMap(({ records }) => records);
  }
}

/** As the record store does it: objects key by key, everything else replaced. */
function merged(old: Values, change: Values): Values {
  const entries = Object.entries(change).map(([key, value]) => {
    const before = Object.hasOwn(old, key) ? old[key] : undefined;
    return [key, isObject(before) && isObject(value) ? merged(before, value) : value];
  });
  return { ...old, ...Object.fromEntries(entries) };
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
