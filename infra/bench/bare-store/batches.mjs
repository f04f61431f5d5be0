import { record } from '../mock/record.mjs';

const batchSize = 1000;

/** A sync's batches as bytes: what the broker posts. */
export function batchesOf({ total, generation, changedPct }) {
  return Array.from({ length: Math.ceil(total / batchSize) }, (_, batch) => {
    const from = batch * batchSize;
    const records = Array.from({ length: Math.min(batchSize, total - from) }, (_, offset) => record(from + offset, { generation, changedPct }));
    return { count: records.length, body: Buffer.from(JSON.stringify(records)) };
  });
}
