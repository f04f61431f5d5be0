import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileScripts } from '../compile/compile.js';
import { generateModels } from '../project/generate.js';
import { loadProject } from '../project/project.js';
import { aFolder, aTerminal } from '../test/project.js';
import { migrateEndpoints } from './migrate-endpoints.js';
import { migrateToDirectories } from './migrate-to-directories.js';

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

describe('migrate-to-directories', () => {
  const sync = (imports: string, call: string) =>
    `import type { NangoSync, Issue } from './models';\n${imports}export default async function fetchData(nango: NangoSync): Promise<void> {\n  ${call}\n}\n`;
  const yaml = `integrations:
  a:
    syncs:
      issues: { runs: every hour, output: Issue, endpoint: GET /issues }
      shared: { runs: every hour, output: Other, endpoint: GET /shared }
    actions:
      close: { endpoint: POST /close }
    on-events: { post-connection-creation: [setup] }
  b:
    syncs:
      shared: { runs: every hour, output: Issue, endpoint: GET /shared }
      there: { runs: every hour, output: Other, endpoint: GET /there }
models:
  Issue: { id: string }
  Other: { id: string }
`;
  const files = {
    'nango.yaml': yaml,
    'issues.ts': sync(
      `import { title } from "./lib/title.js"; // kept\nimport { extra } from './close';\n`,
      `await nango.batchSave([{ id: title(extra) } as Issue], 'Issue');`,
    ),
    'shared.ts': sync(`export type { Extra } from './close.js';\n`, `await nango.log('./lib/title', {});`),
    'close.ts': `import type { NangoAction } from './models.js';\nexport const extra: string = 'x';\nexport type Extra = import('./lib/title').Title;\nexport default async function runAction(nango: NangoAction): Promise<void> {\n  await nango.log('a');\n}\n`,
    'setup.ts': `import type { NangoAction } from './models';\nexport default async function onEvent(nango: NangoAction): Promise<void> {\n  await nango.log('a');\n}\n`,
    'lib/title.ts': `import { extra } from '../close';\nexport type Title = string;\nexport const title = (text: string): Title => text + extra;\n`,
    'b/syncs/there.ts': sync('', `await nango.log('there');`).replace('./models', '../../models'),
    'notes.ts': 'export const mine = 1;\n',
    'node_modules/other/index.ts': `export * from '../../close';\n`,
  };

  it('moves scripts with their imports, copies those of two integrations, and says so', async () => {
    const folder = aFolder(files);
    const terminal = aTerminal();
    generateModels(loadProject(folder, terminal));
    migrateToDirectories(folder, terminal);
    const places = ['a/syncs/issues.ts', 'a/syncs/shared.ts', 'b/syncs/shared.ts', 'a/actions/close.ts', 'a/on-events/setup.ts', 'notes.ts', 'models.ts'];
    expect(places.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
    expect(['issues.ts', 'shared.ts', 'close.ts', 'setup.ts'].filter((file) => existsSync(join(folder, file)))).toEqual([]);
    expect(read(folder, 'a/syncs/issues.ts')).toContain(
      `'../../models';\nimport { title } from "../../lib/title.js"; // kept\nimport { extra } from '../actions/close';`,
    );
    expect(read(folder, 'b/syncs/shared.ts')).toContain(`from '../../a/actions/close.js'`);
    expect(read(folder, 'b/syncs/shared.ts')).toContain(`nango.log('./lib/title'`);
    expect(read(folder, 'a/actions/close.ts')).toContain(`import('../../lib/title').Title`);
    expect(read(folder, 'lib/title.ts')).toContain(`from '../a/actions/close'`);
    expect(read(folder, 'node_modules/other/index.ts')).toBe(files['node_modules/other/index.ts']);
    expect(terminal.text()).toContain('shared.ts -> b/syncs/shared.ts');
    expect(terminal.text()).toContain('lib/title.ts: its imports follow');
    expect(terminal.text()).toContain('Moved 5 scripts');
    const project = loadProject(folder, aTerminal());
    const { scripts } = await compileScripts(project, project.scripts);
    expect(scripts.map(({ script, problems }) => [script.name, problems])).toEqual(project.scripts.map(({ name }) => [name, []]));
  }, 20_000);

  it('writes over nothing: a script that has its file already keeps it', () => {
    const folder = aFolder({ ...files, 'a/syncs/issues.ts': '// mine\n' });
    const terminal = aTerminal();
    migrateToDirectories(folder, terminal);
    expect(terminal.text()).toContain('issues.ts stays where it is: a/syncs/issues.ts is there already');
    expect([read(folder, 'a/syncs/issues.ts'), read(folder, 'issues.ts')]).toEqual(['// mine\n', files['issues.ts'].replace('./close', './a/actions/close')]);
  });

  it('has nothing to do the second time, and nothing in version 1', () => {
    const folder = aFolder(files);
    migrateToDirectories(folder, aTerminal());
    const again = aTerminal();
    migrateToDirectories(folder, again);
    expect(again.text()).toContain('nothing was moved');
    const older = aFolder({ 'nango.yaml': 'integrations: { a: { tasks: { type: action } } }', 'tasks.ts': '// mine\n' });
    expect(() => migrateToDirectories(older, aTerminal())).toThrow(`'nango migrate-config' first`);
    expect(existsSync(join(older, 'tasks.ts'))).toBe(true);
  });
});

describe('migrate-endpoints', () => {
  const yaml = `# of ours
integrations:
  a:
    syncs:
      issues:
        runs: "every hour"   # not too often
        output: [Issue, Label]
        endpoint:
          # the first
          - GET /issues   # kept
          - /labels
    actions:
      close: { endpoint: 'put  /issues/{Issue:id}', output: Issue } # close it
      open: { endpoint: /open }
      done: { endpoint: { method: PUT, path: /done, group: G } }
models:
  Issue: { id: string }   # tail
  Label: { id: string }
`;

  it('makes objects of texts and touches nothing else', () => {
    const folder = aFolder({ 'nango.yaml': yaml });
    const terminal = aTerminal();
    const before = loadProject(folder, aTerminal()).manifest;
    migrateEndpoints(folder, terminal);
    expect(read(folder, 'nango.yaml')).toBe(
      yaml
        .replace('GET /issues ', '{ method: GET, path: /issues } ')
        .replace('- /labels', '- { method: GET, path: /labels }')
        .replace(`'put  /issues/{Issue:id}'`, `{ method: PUT, path: "/issues/{Issue:id}" }`)
        .replace('endpoint: /open', 'endpoint: { method: POST, path: /open }'),
    );
    expect(loadProject(folder, aTerminal()).manifest).toEqual(before);
    expect(terminal.text()).toContain('a/syncs/issues: { method: GET, path: /labels }');
    expect(terminal.text()).toContain('4 endpoints of nango.yaml are objects now.');
    const again = aTerminal();
    migrateEndpoints(folder, again);
    expect(again.text()).toContain('nothing was changed');
  });

  it('leaves what stands elsewhere, and says so', () => {
    const shared = yaml
      .replace('- GET /issues   # kept', '- &first GET /issues')
      .replace('models:', '  b: { actions: { open: { endpoint: *first } } }\nmodels:');
    const folder = aFolder({ 'nango.yaml': shared });
    const terminal = aTerminal();
    migrateEndpoints(folder, terminal);
    expect(terminal.text()).toContain('b/actions/open: the endpoint *first is left as it is');
    expect(read(folder, 'nango.yaml')).toContain('- &first { method: GET, path: /issues }');
    expect(() => migrateEndpoints(aFolder({ 'nango.yaml': 'integrations: { a: { tasks: { type: action } } }' }), aTerminal())).toThrow('version 1');
  });
});
