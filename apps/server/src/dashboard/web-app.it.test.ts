import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, type TestServer } from '../../test/server.js';

describe('the web app', () => {
  let server: TestServer;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<title>Dashboard</title>');
    await writeFile(join(folder, 'assets/app-1a2b.js'), 'export {};');
    server = await aServer({ NANGO_DASHBOARD_FOLDER: folder, NANGO_PUBLIC_CONNECT_URL: 'https://connect.example/page' });
  });
  afterAll(() => server?.close());

  const open = (path: string) => server.ask(path, { as: null, headers: { accept: 'text/html,application/xhtml+xml' } });

  it.each(['/', '/signin', '/dev/connections/5', '/dev/logs?kind=sync'])('is what a browser gets at %s', async (path) => {
    const answer = await open(path);
    expect([answer.status, answer.headers.get('content-type'), answer.body]).toEqual([200, expect.stringContaining('text/html'), '<title>Dashboard</title>']);
    expect(answer.headers.get('cache-control')).toMatch(/no-cache|max-age=0/);
  });

  it('has files that browsers keep, since their names change with their content', async () => {
    const answer = await server.ask('/assets/app-1a2b.js', { as: null });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  });

  it('forbids other sites to frame it and foreign scripts to run in it', async () => {
    const answer = await open('/signin');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self';");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('may frame the hosted connect page and nothing else', async () => {
    expect((await open('/dev/connections')).headers.get('content-security-policy')).toContain('; frame-src https://connect.example;');
  });

  it('leaves the API its routes, and its errors', async () => {
    expect((await open('/connections')).body.error.code).toBe('missing_auth_header');
    expect((await open('/health')).body).toEqual({ result: 'ok' });
    expect((await server.ask('/no-such-route')).body.error.code).toBe('not_found');
    expect((await open('/api/v1/no-such-route')).body.error.code).toBe('not_found');
    expect((await server.ask('/assets/none.js', { as: null })).status).toBe(404);
  });

  it('lets nobody out of its folder', async () => {
    expect((await server.ask('/assets/..%2f..%2fetc%2fpasswd', { as: null })).status).toBe(404);
  });
});
