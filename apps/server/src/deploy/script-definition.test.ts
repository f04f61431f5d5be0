import { DeployRequest } from 'model';
import { describe, expect, it } from 'vitest';
import { definitionsOf } from './script-definition.js';

const flow = { syncName: 'tasks', providerConfigKey: 'asana', type: 'sync', models: ['Task'], runs: 'every 30min', fileBody: { js: 'code', ts: 'source' } };
const read = (...flows: object[]) => definitionsOf(DeployRequest.parse({ flowConfigs: flows }));
const code = (value: string) => expect.objectContaining({ code: value });

describe('the scripts of a deploy', () => {
  it('have their interval in milliseconds and their code under its SHA-256', () => {
    const [script] = read(flow);
    expect(script?.settings).toMatchObject({ intervalMs: 1_800_000, cron: null });
    const [nightly] = read({ ...flow, runs: 'cron 0 2 * * * Europe/Berlin' });
    expect(nightly?.settings).toMatchObject({ runs: 'cron 0 2 * * * Europe/Berlin', intervalMs: null, cron: '0 2 * * * Europe/Berlin' });
    expect(script?.bundleHash).toBe('5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b');
  });

  it('have endpoints in one form, whatever the era', () => {
    const endpoints = [{ method: 'GET', path: '/tasks', group: 'Tasks' }, { POST: '/more' }];
    expect(read({ ...flow, endpoints })[0]?.settings.endpoints).toEqual([
      { method: 'GET', path: '/tasks', group: 'Tasks' },
      { method: 'POST', path: '/more', group: null },
    ]);
  });

  it('read a model schema that comes as text', () => {
    const model = { name: 'Task', fields: [{ name: 'id', value: 'string' }] };
    expect(read({ ...flow, model_schema: JSON.stringify([model]) })[0]?.settings.modelSchema).toEqual([model]);
    expect(() => read({ ...flow, model_schema: '{' })).toThrow(code('invalid_deploy'));
  });

  it('track deletions only where a run reads everything', () => {
    const endpoints = [{ method: 'GET', path: '/tasks' }];
    const tracks = (sync_type?: string) => read({ ...flow, endpoints, track_deletes: true, sync_type })[0]?.settings.trackDeletes;
    expect([tracks(), tracks('full'), tracks('FULL'), tracks('incremental')]).toEqual([true, true, true, false]);
  });

  it('track deletions as the flag says where the manifest is of the first version: syncs without endpoints, all called incremental', () => {
    expect(read({ ...flow, track_deletes: true, sync_type: 'incremental' })[0]?.settings.trackDeletes).toBe(true);
  });

  it.each([
    ['', 'sync_interval_invalid'],
    ['every blue moon', 'sync_interval_invalid'],
    ['every 10s', 'sync_interval_too_short'],
  ])('are refused with the interval %j, naming the script', (runs, expected) => {
    expect(() => read({ ...flow, runs })).toThrow(expect.objectContaining({ code: expected, message: expect.stringContaining("'tasks' of 'asana'") }));
  });

  it('need no interval as actions', () => {
    expect(read({ ...flow, type: 'action', runs: '' })[0]?.settings).toMatchObject({ intervalMs: null, runs: '' });
  });

  it('are refused when two have the same name, or claim the same endpoint', () => {
    expect(() => read(flow, flow)).toThrow(code('invalid_deploy'));
    const endpoints = [{ method: 'GET', path: '/tasks' }];
    expect(() => read({ ...flow, endpoints }, { ...flow, syncName: 'other', endpoints })).toThrow(
      expect.objectContaining({ message: expect.stringContaining('GET /tasks') }),
    );
  });

  it('are refused with NUL characters in their code', () => {
    expect(() => read({ ...flow, fileBody: { js: String.fromCharCode(0), ts: '' } })).toThrow(code('invalid_deploy'));
  });

  it.each([[{ GET: 'tasks' }], [{ FETCH: '/tasks' }], [{}]])('are refused with the endpoint %j', (endpoint) => {
    expect(() => read({ ...flow, endpoints: [endpoint] })).toThrow(code('invalid_deploy'));
  });
});
