import { describe, expect, it } from 'vitest';
import { shownModel, storedModel } from './stored-model.js';

describe('the models of a sync', () => {
  it('are kept apart by variant', () => {
    expect(storedModel('Task', 'base')).toBe('Task');
    expect(storedModel('Task', 'archived')).toBe('Task::archived');
  });

  it('are shown by the names that the script gave them', () => {
    expect(shownModel('Task::archived', 'archived')).toBe('Task');
    expect(shownModel('Task::archived', null)).toBe('Task::archived');
    expect(shownModel('Task', 'base')).toBe('Task');
  });
});
