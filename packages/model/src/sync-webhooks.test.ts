import { describe, expect, it } from 'vitest';
import { type RunFacts, type SyncFacts, syncWebhooks } from './sync-webhooks.js';

const sync: SyncFacts = {
  connectionId: 'c1',
  providerConfigKey: 'asana-dev',
  syncName: 'asana-tasks',
  syncVariant: 'base',
  variant: 'base',
  models: ['Task', 'User'],
  urls: ['http://a'],
  always: false,
  onError: false,
};
const run: RunFacts = {
  runKind: 'INCREMENTAL',
  startedAt: new Date('2026-01-01T00:00:00Z'),
  finishedAt: new Date('2026-01-01T00:01:00Z'),
  counts: { Task: { added: 1, updated: 2, deleted: 3 } },
  checkpoints: { from: null, to: null },
  error: null,
};
const sent = (syncFacts: Partial<SyncFacts> = {}, runFacts: Partial<RunFacts> = {}) =>
  syncWebhooks({ ...sync, ...syncFacts }, { ...run, ...runFacts }).map((body) => JSON.parse(body) as Record<string, unknown>);

describe('webhooks after a sync', () => {
  it('tell of each model that changed', () => {
    expect(sent()).toEqual([
      {
        from: 'nango',
        type: 'sync',
        connectionId: 'c1',
        providerConfigKey: 'asana-dev',
        syncName: 'asana-tasks',
        syncVariant: 'base',
        model: 'Task',
        syncType: 'INCREMENTAL',
        success: true,
        responseResults: { added: 1, updated: 2, deleted: 3 },
        modifiedAfter: '2026-01-01T00:00:00.000Z',
        queryTimeStamp: '2026-01-01T00:00:00.000Z',
      },
    ]);
  });

  it('tell of models without changes only where the environment asks for that', () => {
    expect(sent({ always: true }).map(({ model, responseResults }) => [model, responseResults])).toEqual([
      ['Task', { added: 1, updated: 2, deleted: 3 }],
      ['User', { added: 0, updated: 0, deleted: 0 }],
    ]);
    expect(sent({}, { counts: {} })).toEqual([]);
  });

  it('have no query time on the first run', () => {
    expect(sent({}, { runKind: 'INITIAL' })[0]).toMatchObject({ syncType: 'INITIAL', queryTimeStamp: null });
  });

  it('tell of a failure only where the environment asks for that', () => {
    const error = { code: 'script_http_error', message: 'it answered 500' };
    expect(sent({ always: true }, { error })).toEqual([]);
    expect(sent({ onError: true, models: ['Task'] }, { error })).toEqual([
      {
        from: 'nango',
        type: 'sync',
        connectionId: 'c1',
        providerConfigKey: 'asana-dev',
        syncName: 'asana-tasks',
        syncVariant: 'base',
        model: 'Task',
        syncType: 'INCREMENTAL',
        success: false,
        error: { type: 'script_http_error', description: 'it answered 500' },
        startedAt: '2026-01-01T00:00:00.000Z',
        failedAt: '2026-01-01T00:01:00.000Z',
      },
    ]);
  });

  it('tell of the checkpoint before and after, where there is one', () => {
    const checkpoints = { from: null, to: { page: 7 } };
    expect(sent({}, { checkpoints })[0]).toMatchObject({ checkpoints });
    expect(sent()[0]).not.toHaveProperty('checkpoints');
  });
});
