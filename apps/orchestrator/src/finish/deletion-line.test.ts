import { describe, expect, it } from 'vitest';
import { deletionLine } from './deletion-line.js';

describe('the line of a deletion', () => {
  it('warns of one that is held, with its sizes', () => {
    expect(deletionLine('Task', { kind: 'held', deletionId: 'd', missing: 11, existing: 20, reason: 'share' })).toEqual({
      level: 'warn',
      message:
        '11 of 20 records of Task were not found; that is a larger share than this environment allows unasked, so nothing is deleted until you apply or drop it',
      meta: { deletion: 'd', model: 'Task', missing: 11, existing: 20, reason: 'share' },
    });
  });

  it('warns of a run that proves nothing', () => {
    expect(deletionLine('Task', { kind: 'spared', reason: 'swallowed_error' })).toMatchObject({ level: 'warn', meta: { reason: 'swallowed_error' } });
  });

  it('tells how many are deleted, and nothing of none', () => {
    expect(deletionLine('Task', { kind: 'deleted', ids: ['a', 'b'] })?.message).toBe('2 records of Task were not found and are deleted');
    expect(deletionLine('Task', { kind: 'deleted', ids: [] })).toBeNull();
    expect(deletionLine('Task', { kind: 'spared', reason: 'not_tracked' })).toBeNull();
  });
});
