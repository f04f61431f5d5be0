import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { action, connection, run, sync, teapot } from '../test/dry-run.js';
import { aFolder } from '../test/project.js';
import type { Reply, Seen } from '../test/rest-api.js';

describe('a dry run that saves responses', () => {
  const read = (folder: string, name: string): unknown => JSON.parse(readFileSync(join(folder, 'github/mocks', name), 'utf8'));
  const secret = 'very-secret-key';
  const withSecret = { ...connection, credentials: { type: 'API_KEY', apiKey: secret, raw: { tokens: [secret], expires_in: 3600 } } };
  const everything = ({ path }: Seen): Reply | null => {
    if (path === '/connection/c1') return { body: withSecret };
    if (path === '/environment-variables') return { body: [{ name: 'A', value: 'a-secret-variable' }] };
    return path.startsWith('/proxy/') ? { body: { echo: [{ id: `1${secret}` }] } } : null;
  };

  it('writes records, metadata, connection and calls where tests look for them', async () => {
    const responses = aFolder();
    const script =
      sync(`  const { data } = await nango.get<{ echo: Issue[] }>({ endpoint: '/issues/all', params: { b: 2, a: ['x', 'y'] }, headers: { 'X-Two': '2', Accept: 'a', 'X-Api-Key': 'k' } });
  await nango.getMetadata();
  await nango.batchSave(data.echo, 'Issue');
  await nango.batchDelete([{ id: '9' }], 'Issue');`);
    const { ended, terminal } = await run({ script, request: { responses, metadata: { repo: 'stub' } }, reply: everything });
    expect(ended).toBe('done');
    expect(terminal.text()).toContain('Saved 4 files');
    const requestIdentity = { method: 'get', endpoint: 'issues/all', params: { 'a[]': ['x', 'y'], b: '2' }, headers: { accept: 'a', 'x-two': '2' } };
    const hash = createHash('sha1').update(JSON.stringify(requestIdentity)).digest('hex');
    expect(read(responses, `nango/get/proxy/issues/all/issues/${hash}.json`)).toEqual({
      method: 'get',
      endpoint: 'issues/all',
      requestIdentityHash: hash,
      requestIdentity,
      response: { echo: [{ id: '1[redacted]' }] },
      status: 200,
      headers: expect.objectContaining({ 'content-type': 'application/json' }),
    });
    expect(read(responses, 'issues/Issue/batchSave.json')).toEqual([{ id: '1[redacted]' }]);
    expect(read(responses, 'issues/Issue/batchDelete.json')).toEqual([{ id: '9' }]);
    expect(read(responses, 'nango/getMetadata.json')).toEqual({ repo: 'stub' });
  });

  it('leaves out every secret that came by, wherever it stands', async () => {
    const responses = aFolder();
    const script = action(`  const { credentials } = await nango.getConnection() as any;
  const variables = await nango.getEnvironmentVariables();
  await nango.post({ endpoint: '/a/../b?token=third&key=' + credentials.apiKey, params: { access_token: 'other' }, headers: { authorization: 'Bearer x', 'x-one': variables![0]!.value }, data: { note: Buffer.from(credentials.apiKey).toString('base64') } });
  return { id: 'of ' + credentials.apiKey };`);
    const { ended } = await run({ kind: 'actions', script, request: { responses, input: { id: secret } }, reply: everything });
    expect(ended).toBe('done');
    const files = readdirSync(responses, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
    expect(files.map((name) => name.replace(/[0-9a-f]{40}/, 'hash')).sort()).toEqual([
      'github/mocks/issues/input.json',
      'github/mocks/issues/output.json',
      'github/mocks/nango/getConnection.json',
      'github/mocks/nango/post/proxy/a/_/b?token=[redacted]&key=[redacted]/issues/hash.json',
    ]);
    const text = files.map((name) => name + readFileSync(join(responses, name), 'utf8')).join();
    for (const leak of [secret, Buffer.from(secret).toString('base64'), 'a-secret-variable', 'Bearer', 'other', 'third']) expect(text).not.toContain(leak);
    expect(read(responses, 'issues/output.json')).toEqual({ id: 'of [redacted]' });
    expect(read(responses, 'nango/getConnection.json')).toMatchObject({
      metadata: { repo: 'stored' },
      credentials: { type: 'API_KEY', apiKey: '[redacted]', raw: { tokens: ['[redacted]'], expires_in: 3600 } },
    });
  });

  it('also saves what a script failed with', async () => {
    const responses = aFolder();
    const { ended } = await run({ kind: 'actions', script: action(`  await nango.get({ endpoint: '/a' });`), request: { responses }, reply: teapot });
    expect(ended).toContain('script_http_error');
    const [file = ''] = readdirSync(join(responses, 'github/mocks/nango/get/proxy/a/issues'));
    expect(read(responses, `nango/get/proxy/a/issues/${file}`)).toMatchObject({ status: 418, response: { error: 'teapot' } });
  });
});
