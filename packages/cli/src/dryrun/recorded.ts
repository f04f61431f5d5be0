import type { SaveOperation } from 'model';

/** Everything a dry run would have written, in order. */
export class Recorded {
  readonly saves: { model: string; operation: SaveOperation; records: Record<string, unknown>[] }[] = [];
  readonly metadata: { mode: 'replace' | 'merge'; metadata: Record<string, unknown> }[] = [];
  lastSyncDate: string | null = null;

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
