import { describe, expect, it } from 'vitest';
import { DeployPayload } from './deploy-payload.js';

const fileBody = { js: 'exports.default = () => {}', ts: '' };

describe('the body of a deploy', () => {
  it('is read in the form of the last yaml CLI', () => {
    const flow = { syncName: 'tasks', providerConfigKey: 'asana', type: 'sync', models: ['Task'], runs: 'every hour', fileBody };
    expect(DeployPayload.parse({ flowConfigs: [flow], reconcile: true }).flowConfigs[0]).toMatchObject(flow);
  });

  it('is read in the form of the first era, whose syncs have no type', () => {
    const body = { syncs: [{ syncName: 'tasks', providerConfigKey: 'asana', returns: 'Task', runs: 'every hour', fileBody }], reconcile: false, debug: false };
    expect(DeployPayload.parse(body).flowConfigs[0]).toMatchObject({ syncName: 'tasks', type: 'sync', models: ['Task'] });
  });

  it('takes scripts after a connection for scripts on that event', () => {
    const body = { flowConfigs: [], postConnectionScriptsByProvider: [{ providerConfigKey: 'asana', scripts: [{ name: 'greet', fileBody }] }] };
    expect(DeployPayload.parse(body).onEventScriptsByProvider).toEqual([
      { providerConfigKey: 'asana', scripts: [{ name: 'greet', event: 'post-connection-creation', fileBody }] },
    ]);
  });

  it.each([[undefined], ['text'], [{}], [{ flowConfigs: 'all' }]])('is refused as %j', (body) => {
    expect(DeployPayload.safeParse(body).success).toBe(false);
  });
});
