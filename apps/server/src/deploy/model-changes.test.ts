import { describe, expect, it } from 'vitest';
import type { Change } from './deployment-diff.js';
import { modelChanges } from './model-changes.js';
import { definitionsOf } from './script-definition.js';

const text = { type: 'string' };
const schema = (...names: string[]) => ({
  definitions: { Task: { type: 'object', properties: Object.fromEntries(names.map((name) => [name, text])), required: names } },
});
const flow = (change: object) =>
  definitionsOf({
    flowConfigs: [
      {
        syncName: 'tasks',
        providerConfigKey: 'asana',
        type: 'sync',
        models: ['Task'],
        runs: 'every hour',
        endpoints: [],
        fileBody: { js: '', ts: '' },
        ...change,
      },
    ],
    reconcile: false,
    debug: false,
  })[0];

function aChange(change: object = {}, kind: Change['kind'] = 'changed'): Change {
  const definition = flow(change);
  if (!definition) throw new Error('no definition');
  const active = { id: 1, version: '1', bundleHash: '', createdAt: new Date(), deploymentId: 7, settings: definition.settings };
  const standing = { id: 1, providerConfigKey: 'asana', type: definition.type, name: 'tasks', enabled: true, connections: 1, active };
  return { definition, standing: kind === 'new' ? null : standing, kind };
}

describe('the model changes of a deploy', () => {
  const schemas = { before: new Map([[7, schema('id', 'name')]]), after: schema('id', 'title') };

  it('are told by place, with the integration and whether values come out or go in', () => {
    expect(modelChanges([aChange()], schemas)).toEqual([
      { providerConfigKey: 'asana', model: 'Task', use: 'output', kind: 'breaking', path: 'Task.name', message: 'is gone' },
      { providerConfigKey: 'asana', model: 'Task', use: 'output', kind: 'additive', path: 'Task.title', message: 'is new' },
    ]);
  });

  it('of an input are judged by who sends it', () => {
    const [change] = modelChanges([aChange({ type: 'action', models: [], input: 'Task' })], { ...schemas, after: schema('id', 'name', 'title') });
    expect(change).toMatchObject({ use: 'input', kind: 'breaking', path: 'Task.title' });
  });

  it('are told once for scripts that share a model, and not of scripts that are new or stay', () => {
    expect(modelChanges([aChange(), aChange()], schemas)).toHaveLength(2);
    expect(modelChanges([aChange({}, 'new'), aChange({}, 'unchanged')], schemas)).toEqual([]);
  });

  it('are none where the older deploy brought no schema', () => {
    expect(modelChanges([aChange()], { ...schemas, before: new Map() })).toEqual([]);
  });
});
