import type { DeletionVerdict, LogMessage } from 'model';

const reasons = {
  all: 'that is every record that was there',
  share: 'that is a larger share than this environment allows unasked',
};

/** What a run's log tells of its deletions; null when nothing is out of the ordinary. */
export function deletionLine(model: string, verdict: DeletionVerdict): Omit<LogMessage, 'at'> | null {
  if (verdict.kind === 'held') {
    const { deletionId, missing, existing, reason } = verdict;
    const message = `${missing} of ${existing} records of ${model} were not found; ${reasons[reason]}, so nothing is deleted until you apply or drop it`;
    return { level: 'warn', message, meta: { deletion: deletionId, model, missing, existing, reason } };
  }
  if (verdict.kind === 'deleted') {
    const count = verdict.ids.length;
    return count === 0 ? null : { level: 'info', message: `${count} records of ${model} were not found and are deleted`, meta: { model, deleted: count } };
  }
  if (verdict.reason === 'not_tracked') return null;
  const message = `Nothing of ${model} is deleted: a call failed and the script went on, so what it did not find proves nothing`;
  return { level: 'warn', message, meta: { model, reason: verdict.reason } };
}
