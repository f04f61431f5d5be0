import type { SaveAnswer } from 'model';
import { type BlockSealer, pack, type Place } from './block.js';
import type { Change, Comparison } from './compare.js';

/** A comparison made ready to be written: payloads sealed, the answer known. `places` count blocks from zero. */
export type Plan = {
  version: number;
  comparison: Comparison;
  places: Map<Change, Place>;
  blocks: { data: Uint8Array; living: number }[];
  answer: SaveAnswer;
  /** Rows that it meets and makes, where that was known when it was planned. */
  rowNumbers: number[] | null;
  /** By how many the living records grow. */
  growth: number;
};

/** Seals what must be written, all before the lock. */
export async function makePlan(version: number, comparison: Comparison, duplicates: string[], sealer: BlockSealer): Promise<Plan> {
  const withPayload = comparison.changes.flatMap((change) => (textOf(change) === null ? [] : [change]));
  const { blocks: packed, places } = pack(withPayload.map((change) => textOf(change) ?? ''));
  const blocks = await Promise.all(packed.map(async (texts) => ({ data: await sealer.seal(texts), living: texts.length })));
  return {
    version,
    comparison,
    places: new Map(withPayload.map((change, index) => [change, places[index] ?? { block: 0, slot: 0 }])),
    blocks,
    rowNumbers: null,
    answer: { ...countsOf(comparison), duplicates },
    growth: comparison.changes.reduce((sum, change) => sum + growthOf(change), 0),
  };
}

function textOf(change: Change): string | null {
  return change.kind === 'delete' ? null : change.text;
}

function countsOf({ changes, unchanged }: Comparison): Omit<SaveAnswer, 'duplicates'> {
  const counts = { added: 0, updated: 0, deleted: 0, unchanged: unchanged.length };
  for (const change of changes) {
    if (change.kind === 'restore') counts.unchanged++;
    else if (change.kind === 'update') counts.updated++;
    else if (change.kind === 'delete' || (change.kind === 'insert' && change.dead)) counts.deleted++;
    else counts.added++;
  }
  return counts;
}

function growthOf(change: Change): number {
  if (change.kind === 'update' || change.kind === 'restore') return 0;
  if (change.kind === 'insert') return change.dead ? 0 : 1;
  return change.kind === 'revive' ? 1 : -1;
}
