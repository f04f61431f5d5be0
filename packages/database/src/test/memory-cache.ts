import type { LastAction, SaveAnswer, SaveOperation, ScriptRecord } from 'model';
import { deepMerge } from '../record/merge.js';

type Entry = { action: LastAction; text: string };

/** The record cache as one would write it without a database: the oracle of the property test. Entries stand in the order of their last change. */
export class MemoryCache {
  readonly #entries = new Map<string, Entry>();

  run(operation: SaveOperation, records: ScriptRecord[]): SaveAnswer {
    const answer: SaveAnswer = { added: 0, updated: 0, deleted: 0, unchanged: 0, duplicates: [] };
    const seen = new Set<string>();
    for (const given of records) {
      const id = String(given.id);
      if (!seen.has(id)) this.#apply(operation, id, { ...given, id }, answer);
      else if (!answer.duplicates.includes(id)) answer.duplicates.push(id);
      seen.add(id);
    }
    return answer;
  }

  #apply(operation: SaveOperation, id: string, record: ScriptRecord, answer: SaveAnswer): void {
    const old = this.#entries.get(id);
    const living = old && old.action !== 'DELETED' ? old : undefined;
    if (operation === 'delete') {
      if (old && !living) answer.unchanged++;
      else this.#put(id, 'DELETED', old?.text ?? JSON.stringify(record), answer);
      return;
    }
    if (operation === 'update' && !living) return;
    const text = operation === 'update' ? JSON.stringify(deepMerge(JSON.parse(living!.text), record)) : JSON.stringify(record);
    if (living?.text === text) answer.unchanged++;
    else this.#put(id, living ? 'UPDATED' : 'ADDED', text, answer);
  }

  #put(id: string, action: LastAction, text: string, answer: SaveAnswer): void {
    this.#entries.delete(id);
    this.#entries.set(id, { action, text });
    answer[({ ADDED: 'added', UPDATED: 'updated', DELETED: 'deleted' } as const)[action]]++;
  }

  list(): { action: LastAction; record: unknown }[] {
    return [...this.#entries.values()].map(({ action, text }) => ({ action, record: JSON.parse(text) as unknown }));
  }

  living(): number {
    return [...this.#entries.values()].filter(({ action }) => action !== 'DELETED').length;
  }
}
