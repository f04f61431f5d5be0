import type { ScriptRecord } from 'model';
import type { ModelCheck, Problem } from 'validation';

const sampleSize = 5;

/** The first records that are not as their model says, each with what is wrong first; stops looking when there are enough. */
export function invalidRecords(check: ModelCheck, model: string, records: ScriptRecord[], most = sampleSize): (Problem & { id: string })[] {
  if (!check.has(model)) return [];
  const found: (Problem & { id: string })[] = [];
  for (const record of records) {
    const problem = check.firstProblem(model, record);
    if (problem) found.push({ id: String(record.id), ...problem });
    if (found.length === most) break;
  }
  return found;
}
