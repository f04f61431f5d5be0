import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localServerUrl, projectFolder, readJsonArgument, secretKey, serverUrl, workingFolder } from './settings.js';
import { aFolder, aTerminal } from './test/project.js';

const repository = resolve(import.meta.dirname, '../../..');

describe('the folder a command works in', () => {
  it('is where the user stands, when pnpm has gone to the root of the repository', () => {
    expect(workingFolder(repository, { npm_lifecycle_event: 'nango', INIT_CWD: '/home/ada/project' })).toBe('/home/ada/project');
  });

  it('is the current one in every other case, whatever INIT_CWD says', () => {
    expect(workingFolder('/home/ada/project', { npm_lifecycle_event: 'deploy', INIT_CWD: '/home/ada' })).toBe('/home/ada/project');
    expect(workingFolder(repository, {})).toBe(repository);
  });

  it('may hold the project in a folder named in the environment', () => {
    expect(projectFolder({ NANGO_INTEGRATIONS_LOCATION: './nango-integrations' })).toBe(join(process.cwd(), 'nango-integrations'));
  });
});

it('the server is this machine unless another one is named', () => {
  expect(serverUrl({})).toBe('http://localhost:3003');
  expect(serverUrl({ NANGO_HOSTPORT: 'https://nango.example.com/' })).toBe('https://nango.example.com');
  expect(localServerUrl({ NANGO_HOSTPORT: 'https://nango.example.com', SERVER_PORT: '4000' })).toBe('http://localhost:4000');
});

describe('the secret key', () => {
  it('is that of the environment, else the general one; an empty one is none', async () => {
    expect(await secretKey('dev', { NANGO_SECRET_KEY_DEV: 'dev-key', NANGO_SECRET_KEY: 'key' }, aTerminal())).toBe('dev-key');
    expect(await secretKey('my-env', { NANGO_SECRET_KEY_MY_ENV: 'mine' }, aTerminal())).toBe('mine');
    expect(await secretKey('prod', { NANGO_SECRET_KEY_PROD: '', NANGO_SECRET_KEY: 'key' }, aTerminal())).toBe('key');
  });

  it('that is missing is named where nobody can be asked', async () => {
    await expect(secretKey('prod', {}, aTerminal())).rejects.toThrow('set NANGO_SECRET_KEY_PROD');
  });
});

describe('a JSON argument', () => {
  it('is written out or in a file', () => {
    const folder = aFolder({ 'input.json': '{"a":1}' });
    expect(readJsonArgument('--input', '[1]')).toEqual([1]);
    expect(readJsonArgument('--input', `@${join(folder, 'input.json')}`)).toEqual({ a: 1 });
  });

  it('that is no JSON, or no file, is refused with its flag', () => {
    expect(() => readJsonArgument('--input', 'plain')).toThrow('Failed to parse --input');
    expect(() => readJsonArgument('--metadata', '@nowhere.json')).toThrow(`--metadata: cannot read the file 'nowhere.json'`);
  });
});
