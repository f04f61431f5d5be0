import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { compileScripts } from '../compile/compile.js';
import { loadProject } from '../project/project.js';
import { selectScript } from '../project/select-script.js';
import { aFolder, aScript, aTerminal, writeFiles } from '../test/project.js';
import { dev } from './dev.js';
import { generate } from './generate.js';
import { init } from './init.js';
import { createProgram } from '../program.js';
import { migrateConfig } from './migrate-config.js';

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

describe('init', () => {
  it('makes ./nango-integrations in an empty folder, with an example that compiles', async () => {
    const cwd = aFolder();
    init(undefined, aTerminal(), cwd);
    const folder = join(cwd, 'nango-integrations');
    const files = ['nango.yaml', 'models.ts', '.nango/schema.json', '.nango/.gitkeep', '.env', '.gitignore'];
    expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
    const project = loadProject(folder, aTerminal());
    const { scripts } = await compileScripts(project, project.scripts);
    expect(scripts.map(({ problems }) => problems)).toEqual([[]]);
  });

  it('fills a folder of that name, and one that is named', () => {
    const cwd = aFolder();
    const inside = join(cwd, 'nango-integrations');
    mkdirSync(inside);
    init(undefined, aTerminal(), inside);
    init('other', aTerminal(), cwd);
    expect([existsSync(join(inside, 'nango.yaml')), existsSync(join(cwd, 'other/nango.yaml'))]).toEqual([true, true]);
  });

  it('refuses a folder that is a project, and keeps files that are there', () => {
    const cwd = aFolder({ 'nango-integrations/nango.yaml': 'integrations: { a: { b: { type: action } } }', 'nango-integrations/.env': 'MINE=1' });
    init(undefined, aTerminal(), cwd);
    expect(read(cwd, 'nango-integrations/.env')).toBe('MINE=1');
    expect(existsSync(join(cwd, 'nango-integrations/b.ts'))).toBe(true);
    expect(() => init(undefined, aTerminal(), cwd)).toThrow('is a project already');
  });
});

describe('generate', () => {
  const yaml = `integrations:
  github:
    syncs:
      issues: { runs: every hour, output: [Issue, Label], endpoint: [GET /a, GET /b], webhook-subscriptions: '*' }
    actions:
      close: { input: Label, output: Issue, endpoint: /close }
      shout: { input: string, endpoint: /shout }
    on-events:
      post-connection-creation: [setup]
models:
  Issue: { id: string }
  Label: { id: string }
`;

  it('writes a script for each that has none, and every one compiles', async () => {
    const folder = aFolder({ 'nango.yaml': yaml, 'github/actions/close.ts': '// mine' });
    generate(folder, aTerminal());
    expect(read(folder, 'github/actions/close.ts')).toBe('// mine');
    const project = loadProject(folder, aTerminal());
    const { scripts } = await compileScripts(
      project,
      project.scripts.filter(({ name }) => name !== 'close'),
    );
    expect(scripts.map(({ script, problems }) => [script.name, problems])).toEqual([
      ['issues', []],
      ['shout', []],
      ['setup', []],
    ]);
    expect(read(folder, 'github/syncs/issues.ts')).toContain('onWebhookPayloadReceived');
  });

  it('writes scripts of version 1 beside nango.yaml', () => {
    const folder = aFolder({ 'nango.yaml': 'integrations: { a: { tasks: { runs: every hour, returns: T } } }\nmodels: { T: { id: string } }' });
    generate(folder, aTerminal());
    expect(read(folder, 'tasks.ts')).toContain(`from './models'`);
  });

  it('prints every error of nango.yaml with its place, and writes nothing', () => {
    const folder = aFolder({ 'nango.yaml': yaml.replace('every hour', 'often').replace('GET /b', 'GET /a') });
    expect(() => generate(folder, aTerminal())).toThrow(
      expect.objectContaining({
        message: 'nango.yaml has 2 errors',
        details: [expect.stringContaining('nango.yaml:4:'), expect.stringContaining('duplicate_endpoint')],
      }),
    );
    expect(existsSync(join(folder, 'models.ts'))).toBe(false);
  });
});

it('a script of two integrations has to be named with its integration', () => {
  const folder = aFolder({ 'nango.yaml': 'integrations: { a: { s: { type: action } }, b: { s: { type: action } } }' });
  const project = loadProject(folder, aTerminal());
  expect(() => selectScript(project, 's')).toThrow(expect.objectContaining({ details: ['--integration-id a', '--integration-id b'] }));
  expect(selectScript(project, 's', 'b').providerConfigKey).toBe('b');
  expect(() => selectScript(project, 't')).toThrow(`no sync, action or event script 't'`);
});

it.each(['--validation', '--validate'])('dryrun takes %s', async (flag) => {
  const program = createProgram(aTerminal());
  let validation: unknown;
  const command = program.commands.find((known) => known.name() === 'dryrun');
  command?.action((_name, _connection, flags: { validation: boolean }) => void (validation = flags.validation));
  await program.parseAsync(['dryrun', 'issues', 'c1', flag], { from: 'user' });
  expect(validation).toBe(true);
});

it('migrate-config turns version 1 into an equal version 2', () => {
  const folder = aFolder({
    'nango.yaml':
      '# mine\nintegrations:\n  a:\n    tasks: { runs: every hour, returns: T, track_deletes: true, attributes: { project: 7 } }\n    act: { type: action, returns: T }\nmodels:\n  # kept\n  T:\n    id: string\n',
  });
  const terminal = aTerminal();
  migrateConfig(folder, terminal);
  expect(terminal.text()).toContain('a/tasks: version 2 has no attributes');
  expect(terminal.text()).not.toContain('a/act');
  const { manifest } = loadProject(folder, aTerminal());
  expect(manifest).toMatchObject({
    yamlVersion: 'v2',
    integrations: [{ syncs: [{ name: 'tasks', runs: 'every hour', track_deletes: true, sync_type: 'full' }], actions: [{ name: 'act', output: ['T'] }] }],
  });
  expect(read(folder, 'nango.yaml')).toContain('# kept');
});

it('dev compiles after every change, follows nango.yaml, and removes what a deleted script left', async () => {
  const script = `import type { NangoSync } from '../../models';\nexport default async function f(nango: NangoSync): Promise<void> {\n  await nango.log('one');\n}\n`;
  const folder = aFolder(aScript({ script }));
  const stop = new AbortController();
  const terminal = aTerminal();
  const ended = dev(folder, terminal, { compileInterfaces: true, signal: stop.signal });
  const compiled = join(folder, 'dist/issues-github.js');
  await until(() => terminal.text().includes('Watching'));
  writeFiles(folder, { 'github/syncs/issues.ts': script.replace('one', 'two') });
  await until(() => read(compiled).includes('two'));
  writeFileSync(join(folder, 'nango.yaml'), read(folder, 'nango.yaml').replace('title?', 'name?'));
  await until(() => read(folder, 'models.ts').includes('name?: string'));
  writeFiles(folder, { 'github/syncs/issues.ts': script.replace('await ', '') });
  await until(() => terminal.text().includes('must be awaited'));
  rmSync(join(folder, 'github/syncs/issues.ts'));
  await until(() => !existsSync(compiled));
  stop.abort();
  await ended;
  expect(terminal.text()).toContain(`Removed the compiled 'issues'`);
}, 20_000);

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 150) throw new Error('it did not happen');
    await wait(50);
  }
}
