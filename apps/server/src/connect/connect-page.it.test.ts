import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, type TestServer } from '../../test/server.js';

describe('the connect page', () => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'connect-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<title>Connect</title>');
    await writeFile(join(folder, 'assets/page-1a2b.js'), 'export {};');
    server = await aServer({ NANGO_CONNECT_FOLDER: folder, NANGO_SERVER_URL: 'https://api.example.com' });
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (path: string) => server.ask(path, { as: null, headers: { accept: 'text/html' } });

  it('is what a browser gets behind a connect link', async () => {
    const answer = await open('/connect-ui/?session_token=x');
    expect([answer.status, answer.headers.get('content-type'), answer.body]).toEqual([200, expect.stringContaining('text/html'), '<title>Connect</title>']);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  it('is found without the last slash, and keeps the token', async () => {
    const answer = await open('/connect-ui?session_token=x');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/connect-ui/?session_token=x']);
  });

  it('may be framed, tells nobody its address, and speaks to its server alone', async () => {
    const { headers } = await open('/connect-ui/');
    const policy = headers.get('content-security-policy');
    expect(policy).toContain('frame-ancestors *');
    expect(policy).toContain("connect-src 'self' https://api.example.com wss://api.example.com;");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('has files that browsers keep', async () => {
    const answer = await server.ask('/connect-ui/assets/page-1a2b.js', { as: null });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  });

  it('leaves the API its routes and everybody else’s files alone', async () => {
    expect((await server.ask('/connect/session', { as: null })).body.error.code).toBe('missing_auth_header');
    expect((await server.ask('/connect-ui/..%2findex.html', { as: null })).status).toBe(404);
  });
});
