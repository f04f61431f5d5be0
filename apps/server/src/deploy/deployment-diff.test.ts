import { DeployRequest } from 'model';
import { describe, expect, it } from 'vitest';
import { diffDeployment, nextVersion, type StandingScript } from './deployment-diff.js';
import { definitionsOf, type ScriptDefinition } from './script-definition.js';

const whole = { flows: true, events: true };

function aSync(name: string, change: object = {}): ScriptDefinition {
  const flow = { syncName: name, providerConfigKey: 'asana', type: 'sync', models: [name], runs: 'every hour', fileBody: { js: name, ts: '' }, ...change };
  const [definition] = definitionsOf(DeployRequest.parse({ flowConfigs: [flow] }));
  if (!definition) throw new Error('a flow is a definition');
  return definition;
}

function standing({ providerConfigKey, type, name, bundleHash, settings }: ScriptDefinition): StandingScript {
  const active = { id: 1, version: '1', bundleHash, createdAt: new Date(0), deploymentId: 1, settings };
  return { id: 1, providerConfigKey, type, name, enabled: true, connections: 3, active };
}

describe('the difference a deploy makes', () => {
  it('tells new, changed and unchanged scripts apart', () => {
    const before = [aSync('same'), aSync('code'), aSync('interval')].map(standing);
    const after = [aSync('same'), aSync('code', { fileBody: { js: 'other', ts: '' } }), aSync('interval', { runs: 'every day' }), aSync('new')];
    expect(diffDeployment(after, before, whole).changes.map(({ kind }) => kind)).toEqual(['unchanged', 'changed', 'changed', 'new']);
  });

  it('is a change when only the version is another one', () => {
    expect(diffDeployment([aSync('same', { version: '7' })], [standing(aSync('same'))], whole).changes[0]?.kind).toBe('changed');
  });

  it('takes a script that was removed before for a new one', () => {
    expect(diffDeployment([aSync('back')], [{ ...standing(aSync('back')), active: null }], whole).changes[0]?.kind).toBe('new');
  });

  it('removes what is absent, with the models nothing gives any more', () => {
    const diff = diffDeployment([aSync('kept')], [standing(aSync('kept')), standing(aSync('gone'))], whole);
    expect(diff.removed.map(({ name }) => name)).toEqual(['gone']);
    expect(diff.deletedModels).toEqual(['gone']);
  });

  it('removes nothing when it speaks for one script alone', () => {
    const diff = diffDeployment([], [standing(aSync('kept'))], { flows: false, events: false });
    expect(diff).toEqual({ changes: [], removed: [], deletedModels: [] });
  });

  it.each([
    [undefined, '1'],
    ['1', '2'],
    ['9', '10'],
    ['1.2.9', '1.2.10'],
    ['beta', '1'],
  ])('counts after %j with %s', (previous, next) => {
    expect(nextVersion(previous)).toBe(next);
  });
});
