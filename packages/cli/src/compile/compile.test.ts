import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateModels } from '../project/generate.js';
import { loadProject } from '../project/project.js';
import { aFolder, aScript, aTerminal, writeFiles } from '../test/project.js';
import { compileScripts, writeCompiled } from './compile.js';
import { formatCompileProblem } from './compile-problem.js';

const imports = `import type { NangoSync, NangoAction, Issue } from '../../models';\n`;
const inSync = (body: string) => `${imports}export default async function fetchData(nango: NangoSync): Promise<void> {\n${body}\n}\n`;
const inAction = (body: string) => `${imports}export default async function runAction(nango: NangoSync, input: any): Promise<any> {\n${body}\n}\n`;

async function compile(files: Record<string, string>) {
  const folder = aFolder(files);
  const project = loadProject(folder, aTerminal());
  generateModels(project);
  const { scripts } = await compileScripts(project, project.scripts);
  return { folder, scripts, problems: scripts.flatMap(({ problems }) => problems.map(formatCompileProblem)) };
}

const problemsOf = async (script: string, kind: 'syncs' | 'actions' = 'syncs') => (await compile(aScript({ kind, script }))).problems;

describe('compiling a script', () => {
  it('bundles relative imports into one CommonJS file with the default export, and leaves packages outside', async () => {
    const { folder, scripts, problems } = await compile({
      ...aScript({
        script: `import type { NangoSync } from '../../models.js';\nimport { title } from '../title.js';\nimport { schema } from '../title.zod';\nimport crypto from 'crypto';
export default async function anyName(nango: NangoSync): Promise<void> {\n  await nango.batchSave([{ id: crypto.randomUUID(), title: title(schema.parse('a')) }], 'Issue');\n}\nexport const extra = 1;\n`,
      }),
      'github/title.ts': `export function title(text: string): string {\n  return text.toUpperCase();\n}\n`,
      'github/title.zod.ts': `import { z } from 'zod';\nexport const schema = z.string();\n`,
    });
    expect(problems).toEqual([]);
    writeCompiled(folder, scripts);
    const js = readFileSync(join(folder, 'dist/issues-github.js'), 'utf8');
    const module = { exports: {} as Record<string, unknown> };
    const required: string[] = [];
    const require = (name: string): unknown => (required.push(name), { randomUUID: () => '1', z: { string: () => ({ parse: (text: string) => text }) } });
    new Function('module', 'exports', 'require', js)(module, module.exports, require);
    const saved: unknown[] = [];
    await (module.exports['default'] as (nango: object) => Promise<void>)({ batchSave: (...args: unknown[]) => saved.push(args) });
    expect(saved).toEqual([[[{ id: '1', title: 'A' }], 'Issue']]);
    expect(required.sort()).toEqual(['crypto', 'zod']);
  });

  it('knows the types of what scripts have beside nango, also where a model has the name of one', async () => {
    const script = `import type { NangoSync } from '../../models';
import { createCipheriv, scryptSync } from 'node:crypto';
export default async function fetchData(nango: NangoSync): Promise<void> {
  const answer: globalThis.Response = await nango.uncontrolledFetch({ url: new URL('https://a.example/') });
  const timer = setTimeout(() => new AbortController().abort(), 5).unref();
  clearTimeout(+timer);
  const job: number | undefined = nango.syncJobId;
  await nango.log((await answer.clone().blob()).type + job + createCipheriv('aes-256-ecb', scryptSync('a', 'b', 32), null).final('hex'));
}
`;
    const files = aScript({ script });
    expect((await compile({ ...files, 'nango.yaml': (files['nango.yaml'] ?? '').replaceAll('Issue', 'Response') })).problems).toEqual([]);
  });

  it.each([
    ['syncs', 'fetchData(nango: NangoSync)'],
    ['actions', 'runAction(nango: NangoAction, input'],
  ] as const)('shows how the default export of %s is written', async (kind, example) => {
    expect(await problemsOf('export const nothing = 1;\n', kind)).toEqual([expect.stringContaining(example)]);
  });

  it('finds a script at the root of the folder too, and tells which file is missing', async () => {
    const { 'nango.yaml': yaml = '' } = aScript({ script: '' });
    const root = await compile({ 'nango.yaml': yaml, 'issues.ts': inSync('').replace('../../models', './models') });
    expect(root.problems).toEqual([]);
    const missing = await compile({ 'nango.yaml': yaml });
    expect(missing.problems).toEqual([expect.stringMatching(/^github\/syncs\/issues.ts:1:1 error: .*nango generate/)]);
  });

  it('reads models from the root, whatever generated file was left in an integration', async () => {
    const files = aScript({
      script: `import type { NangoSync, Issue } from '../models';\nexport default async function f(nango: NangoSync): Promise<void> {\n  const issue: Issue = { id: '1' };\n  await nango.batchSave([issue], 'Issue');\n}\n`,
    });
    const stale = '// This file was generated by Nango (v0.1.0)\nexport interface Issue { gone: true }\n';
    expect((await compile({ ...files, 'github/models.ts': stale })).problems).toEqual([]);
  });

  it('compiles what scripts in the wild do', async () => {
    const script = `${imports}import { z } from 'zod';
const input = z.object({ id: z.string() });
enum Side { Left = 'left' }
export default async function fetchData(nango: NangoAction): Promise<Issue | null> {
  const parsed = await nango.zodValidateInput({ zodSchema: input, input: {} });
  const ids = new Map<string, number>([[parsed.data.id, 1]]);
  for await (const page of nango.paginate<{ id: string }>({ endpoint: '/x', paginate: { type: 'offset', limit: '50', offset_name_in_request: 'o' }, headers: { 'if-modified-since': '' } })) {
    await Promise.all(page.map((one) => nango.log(one.id, { level: 'debug' })));
  }
  const { data } = await nango.proxy<{ ok: boolean }>({ method: 'get', endpoint: \`/x/\${Buffer.from('a').toString('base64')}\`, params: { a: 1 }, retries: 3 });
  const connection = await nango.getConnection();
  if (connection.credentials.type === 'BASIC') await nango.log(connection.credentials.username, { host: new URL('https://a.b').host });
  if (!data.ok) throw new nango.ActionError<{ code: string }>({ code: 'no' });
  nango.post({ endpoint: '/x' }).catch(() => undefined);
  return ids.size > 1 ? { id: Side.Left } : null;
}\n`;
    expect(await problemsOf(script, 'actions')).toEqual([]);
  });
});

describe('a project without packages of its own', () => {
  it('has the types of the libraries that the sandbox provides', { timeout: 20_000 }, async () => {
    const script = `${imports}import * as soap from 'soap';
import * as unzipper from 'unzipper';
import { CardFactory, type Attachment } from 'botbuilder';
import _ from 'lodash';
export default async function fetchData(nango: NangoAction): Promise<Issue | null> {
  const client: soap.Client = await soap.createClientAsync('<?xml version="1.0"?>');
  const { files } = await unzipper.Open.buffer(Buffer.from('a'));
  const card: Attachment = CardFactory.heroCard('a');
  return client && files.length > 0 ? { id: _.get(card, 'contentType') } : null;
}\n`;
    expect(await problemsOf(script, 'actions')).toEqual([]);
    expect(await problemsOf(script.replace("heroCard('a')", 'heroCard(1)'), 'actions')).toEqual([
      expect.stringContaining("9:49 error: Argument of type 'number'"),
    ]);
  });
});

describe('a script is refused, with file, line and column, when it', () => {
  it.each([
    ['has a type error', inSync(`  const n: number = 'a';\n  await nango.log(String(n));`), '3:9', `Type 'string' is not assignable to type 'number'`],
    ['does not parse', inSync('  const = 1;'), '3:11', 'Variable declaration expected'],
    ['logs something that is no object last', inSync(`  await nango.log('a', 3);`), '3:', ''],
    ['does not await a call', inSync(`  nango.batchSave([], 'Issue');`), '3:3', 'nango.batchSave() must be awaited'],
    ['does not await in a nested function', inSync(`  [1].forEach(() => {\n    nango.log('a');\n  });`), '4:5', 'nango.log() must be awaited'],
    ['saves to a model that is not there', inSync(`  await nango.batchSave([], 'Isue');`), '3:29', `'Isue' is no model of nango.yaml; it has Issue`],
    [
      'retries on statuses without retries',
      inSync(`  await nango.get({ endpoint: '/a', retryOn: [404] });`),
      '3:19',
      `'retryOn' has no effect without 'retries'`,
    ],
    ['returns a value from a sync', inSync(`  return nango.batchSave([], 'Issue') as any;`), '3:3', 'a sync must not return a value'],
    ['has no default export', `${imports}export async function fetchData(nango: NangoSync): Promise<void> {}\n`, '1:1', 'no default export'],
    ['imports a package that the sandbox has not', `import axios from 'axios';\n${inSync('  await axios.get("x");')}`, '1:19', `'axios' cannot be imported`],
    [
      'imports a file outside of the folder',
      `import { a } from '../../../outside';\n${inSync('  await nango.log(a);')}`,
      '1:19',
      'lies outside of this folder',
    ],
    ['imports a file that is not there', `import { a } from '../nowhere';\n${inSync('  await nango.log(a);')}`, '1:19', 'nowhere'],
  ])('%s', async (_, script, place, message) => {
    const { scripts, problems } = await compile(aScript({ script }));
    expect(problems).toEqual([expect.stringContaining(message)]);
    expect(problems[0]).toMatch(new RegExp(`^github/syncs/issues.ts:${place}`));
    expect(scripts[0]?.code).toBeNull();
  });

  it('saves in an action', async () => {
    expect(await problemsOf(inAction(`  await nango.batchSave([], 'Issue');`), 'actions')).toEqual([
      expect.stringMatching(/^github\/actions\/issues.ts:3:9 error: nango.batchSave\(\) is for syncs/),
    ]);
  });

  it('imports a file of the project that breaks a rule', async () => {
    const helper = `import type { NangoSync } from '../models';\nexport async function save(nango: NangoSync): Promise<void> {\n  nango.log('a');\n}\n`;
    const { problems } = await compile({
      ...aScript({ script: `import { save } from '../save';\n${inSync('  await save(nango);')}` }),
      'github/save.ts': helper,
    });
    expect(problems).toEqual(['github/save.ts:3:3 error: nango.log() must be awaited; without it the script may end before the call does']);
  });
});

it('only warns of deprecated calls', async () => {
  const { scripts, problems } = await compile(aScript({ script: inSync(`  await nango.batchSend([], 'Issue');`) }));
  expect(problems).toEqual([expect.stringMatching(/:3:9 warning: nango.batchSend\(\) is deprecated; use nango.batchSave\(\)/)]);
  expect(scripts[0]?.code).not.toBeNull();
});

it('only warns of calls without await that the existing CLI lets go', async () => {
  const { scripts, problems } = await compile(aScript({ script: inSync(`  const sent = nango.proxy({ endpoint: '/a' });\n  await sent;`) }));
  expect(problems).toEqual([expect.stringMatching(/:3:16 warning: nango.proxy\(\) must be awaited/)]);
  expect(scripts[0]?.code).not.toBeNull();
});

it('lets the other scripts of a project compile when one does not', async () => {
  const files = aScript({ script: inSync(`  const n: number = 'a';`) });
  const folder = aFolder({ ...files, 'nango.yaml': (files['nango.yaml'] ?? '').replace('syncs: {', 'actions: { close: { endpoint: /close } }, syncs: {') });
  writeFiles(folder, {
    'github/actions/close.ts': `import type { NangoAction } from '../../models';\nexport default async function f(nango: NangoAction): Promise<void> {\n  await nango.log('a');\n}\n`,
  });
  const project = loadProject(folder, aTerminal());
  generateModels(project);
  const { scripts } = await compileScripts(project, project.scripts);
  expect(scripts.map(({ script, code }) => [script.name, code !== null])).toEqual([
    ['issues', false],
    ['close', true],
  ]);
});
