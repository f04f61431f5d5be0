import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, type TestServer } from '../../test/server.js';

describe('providers', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());

  it.each(['/providers', '/provider'])('are listed at %s', async (path) => {
    const { data } = (await server.ask(path)).body;
    expect(data.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['asana', 'slack', 'github', 'private-api-bearer']));
  });

  it('are found by name and title', async () => {
    const { data } = (await server.ask('/providers?search=GitH')).body;
    expect(data.map(({ name }: { name: string }) => name)).toContain('github');
    expect(data.map(({ name }: { name: string }) => name)).not.toContain('slack');
  });

  it.each(['/providers/github', '/provider/github'])('are told one by one at %s', async (path) => {
    const { data } = (await server.ask(path)).body;
    expect(data).toMatchObject({ name: 'github', display_name: 'GitHub', auth_mode: 'OAUTH2' });
  });

  it('have a picture that needs no key', async () => {
    const { data } = (await server.ask('/providers/github')).body;
    const picture = await server.ask(new URL(data.logo_url).pathname, { as: null });
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(picture.body).toContain('>G</text>');
  });

  it('that do not exist answer unknown_provider', async () => {
    const answer = await server.ask('/providers/nowhere');
    expect([answer.status, answer.body.error.code]).toEqual([404, 'unknown_provider']);
  });

  it('are told to nobody without a key', async () => {
    expect((await server.ask('/providers', { as: null })).status).toBe(401);
  });
});
