import { DeployRequest } from 'model';
import { describe, expect, it } from 'vitest';
import { loadProject } from '../project/project.js';
import { aFolder, aScript, aTerminal } from '../test/project.js';
import { aRestApi } from '../test/rest-api.js';
import { deploy, type DeployOptions } from './deploy.js';

const script = `import type { NangoSync } from '../../models';\nexport default async function fetchData(nango: NangoSync): Promise<void> {\n  await nango.log('a');\n}\n`;
const noChange = { newSyncs: [], deletedSyncs: [], newActions: [], deletedActions: [], newOnEventScripts: [], deletedOnEventScripts: [], deletedModels: [] };
const newSync = { ...noChange, newSyncs: [{ name: 'issues', providerConfigKey: 'github', auto_start: true, connections: 2 }] };
const removal = { ...noChange, deletedSyncs: [{ name: 'old', providerConfigKey: 'github', connections: 3 }], deletedModels: ['Old'] };
const unused = { ...noChange, deletedSyncs: [{ name: 'old', providerConfigKey: 'github', connections: 0 }] };

type Change = { plan?: object; answers?: boolean[]; options?: Partial<DeployOptions>; text?: string };

async function run({ plan = newSync, answers = [], options = {}, text = script }: Change) {
  const deployed = [{ name: 'issues', providerConfigKey: 'github', type: 'sync', version: '1', models: ['Issue'] }];
  const { client, seen } = await aRestApi(({ path }) => ({ body: path === '/sync/deploy/confirmation' ? plan : deployed }));
  const terminal = aTerminal(answers);
  const folder = aFolder(aScript({ script: text }));
  const all = { environmentName: 'dev', autoConfirm: false, allowDestructive: false, compileInterfaces: true, debug: false, ...options };
  const ended = await deploy(loadProject(folder, terminal), client, terminal, all).then(
    () => 'done',
    (error: Error) => error.message,
  );
  return { ended, terminal, seen, paths: seen.map(({ path }) => path) };
}

describe('a deploy', () => {
  it('asks the server what would change, shows it, asks the user, and sends the same with nango.yaml', async () => {
    const { ended, seen, terminal } = await run({ answers: [true] });
    expect(ended).toBe('done');
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /sync/deploy/confirmation', 'POST /sync/deploy']);
    const [asked, sent] = seen.map(({ body }) => DeployRequest.parse(body));
    expect(asked).toMatchObject({ reconcile: false, singleDeployMode: false });
    expect(sent).toEqual({ ...asked, reconcile: true, nangoYamlBody: expect.stringContaining('integrations') });
    expect(sent?.flowConfigs[0]?.fileBody.ts).toBe(script);
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer the-secret-key', 'user-agent': expect.stringMatching(/^nango-cli\/\d+\.\d+\.\d+ \(/) });
    expect(terminal.text()).toContain('+ sync github/issues (2 connections), starts for every connection');
    expect(terminal.text()).toContain(`Deployed to 'dev': github/issues@v1`);
  });

  it('sends nothing when the user declines, and that is no failure', async () => {
    expect(await run({ answers: [false] })).toMatchObject({ ended: 'done', paths: ['/sync/deploy/confirmation'] });
  });

  it('fails where nobody can be asked, unless it is confirmed beforehand', async () => {
    expect((await run({})).ended).toContain('pass --auto-confirm');
    expect((await run({ options: { autoConfirm: true } })).paths).toContain('/sync/deploy');
  });

  it('asks again before it takes away what is in use, even with --auto-confirm', async () => {
    expect(await run({ plan: removal, options: { autoConfirm: true } })).toMatchObject({
      ended: expect.stringContaining('--allow-destructive'),
      paths: ['/sync/deploy/confirmation'],
    });
    expect((await run({ plan: removal, options: { autoConfirm: true }, answers: [true] })).paths).toContain('/sync/deploy');
    expect((await run({ plan: removal, options: { autoConfirm: true, allowDestructive: true } })).paths).toContain('/sync/deploy');
    expect((await run({ plan: unused, options: { autoConfirm: true } })).paths).toContain('/sync/deploy');
  });

  it('names what it breaks of models, and asks with that, unless it is confirmed beforehand', async () => {
    const change = { providerConfigKey: 'github', model: 'Issue', use: 'output' };
    const plan = {
      ...noChange,
      modelChanges: [
        { ...change, kind: 'breaking', path: 'Issue.title', message: 'is gone' },
        { ...change, kind: 'widening', path: 'Issue.owner', message: 'is optional now' },
      ],
    };
    const { terminal, paths } = await run({ plan, answers: [false] });
    expect(terminal.text()).toContain('! breaking change of a model of github: Issue.title is gone');
    expect(terminal.text()).toContain('~ widening change of a model of github: Issue.owner is optional now');
    expect(paths).toEqual(['/sync/deploy/confirmation']);
    expect((await run({ plan })).ended).toContain('breaks models');
    expect((await run({ plan, options: { autoConfirm: true } })).paths).toContain('/sync/deploy');
  });

  it('of one script says so', async () => {
    const { seen } = await run({ answers: [true], options: { only: { kind: 'sync', name: 'issues' }, version: '7' } });
    expect(seen[1]?.body).toMatchObject({ singleDeployMode: true, flowConfigs: [{ syncName: 'issues', version: '7' }] });
    expect((await run({ options: { only: { kind: 'action', name: 'issues' } } })).ended).toContain(`no action 'issues'`);
  });

  it('sends nothing when a script does not compile', async () => {
    const { ended, paths, terminal } = await run({ text: `${script}const n: number = 'a';\n`, answers: [true] });
    expect(ended).toContain('every script has to compile');
    expect(paths).toEqual([]);
    expect(terminal.text()).toContain('github/syncs/issues.ts:5:7 error');
  });
});

it('tells what the server refused, field by field', async () => {
  const refusal = {
    error: { code: 'invalid_body', message: 'The body is not valid', errors: [{ code: 'x', message: 'is no method', path: ['flowConfigs', 0] }] },
  };
  const { client } = await aRestApi(() => ({ status: 400, body: refusal }));
  const error = await client.json('/sync/deploy', { method: 'POST', body: {} }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'invalid_body',
    status: 400,
    details: ['flowConfigs.0: is no method'],
    message: expect.stringContaining('400 invalid_body'),
  });
});
