import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, type TestServer } from '../../test/server.js';
import { EnvironmentService } from './environment.service.js';

describe('an environment', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());

  describe('lists its variables', () => {
    it('to its own key only, and keeps them sealed', async () => {
      await server.app.get(EnvironmentService).replaceVariables(server.environments.dev.id, [
        { name: 'ONE', value: 'hidden-value' },
        { name: 'TWO', value: '' },
      ]);
      expect((await server.ask('/environment-variables')).body).toEqual([
        { name: 'ONE', value: 'hidden-value' },
        { name: 'TWO', value: '' },
      ]);
      expect((await server.ask('/environment-variables', { as: 'prod' })).body).toEqual([]);
      expect(JSON.stringify(await server.database.environmentVariable.findMany())).not.toContain('hidden-value');
    });

    it('to nobody without a key', async () => {
      expect((await server.ask('/environment-variables', { as: null })).status).toBe(401);
    });
  });

  describe('says how its records are treated', () => {
    const change = (body: unknown) => server.ask('/environment/records', { method: 'PATCH', body });

    it('with a share from 0 to 100 above which deletions wait, and fields that make no change', async () => {
      const initial = { deletion_hold_percent: 50, volatile_fields: {} };
      const volatile_fields = { asana: { Task: ['viewed_at', 'stats.views'] } };
      expect((await server.ask('/environment/records')).body).toEqual(initial);
      expect((await change({ deletion_hold_percent: 20 })).body).toEqual({ ...initial, deletion_hold_percent: 20 });
      expect((await change({ volatile_fields })).body).toEqual({ deletion_hold_percent: 20, volatile_fields });
      expect((await server.ask('/environment/records', { as: 'prod' })).body).toEqual(initial);
    });

    it.each([{ deletion_hold_percent: 101 }, { volatile_fields: { asana: ['viewed_at'] } }])('that refuse %j', async (body) => {
      expect((await change(body)).body.error.code).toBe('invalid_body');
    });
  });

  describe('has webhook settings', () => {
    it('that start with no URL and everything off', async () => {
      expect((await server.ask('/environment/webhooks', { as: 'prod' })).body).toEqual({
        primary_url: null,
        secondary_url: null,
        on_sync_completion_always: false,
        on_sync_error: false,
        on_auth_creation: false,
        on_auth_refresh_error: false,
        on_async_action_completion: false,
      });
    });

    it('of which a change touches only what it names', async () => {
      await server.ask('/environment/webhooks', { method: 'PATCH', body: { primary_url: 'https://a.example/hook', on_sync_error: true } });
      const answer = await server.ask('/environment/webhooks', { method: 'PATCH', body: { on_sync_completion_always: true } });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ primary_url: 'https://a.example/hook', on_sync_error: true, on_sync_completion_always: true });
      expect((await server.ask('/environment/webhooks')).body).toEqual(answer.body);
      expect((await server.ask('/environment/webhooks', { as: 'prod' })).body.primary_url).toBeNull();
    });

    it('whose URL an empty one takes away', async () => {
      await server.ask('/environment/webhooks', { method: 'PATCH', body: { primary_url: 'https://a.example/hook' } });
      expect((await server.ask('/environment/webhooks', { method: 'PATCH', body: { primary_url: '' } })).body.primary_url).toBeNull();
    });

    it.each(['/environment', '/environment/webhooks', '/environment/records'])('are not changed by what %s does not know', async (path) => {
      const { status, body } = await server.ask(path, { method: 'PATCH', body: { primry_url: 'https://a.example/hook' } });
      expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('primry_url')]);
    });

    it.each(['javascript:alert(1)', 'a.example/hook', 5])('that refuse %j as a URL', async (primary_url) => {
      const answer = await server.ask('/environment/webhooks', { method: 'PATCH', body: { primary_url } });
      expect([answer.status, answer.body.error.code, answer.body.error.errors[0].path]).toEqual([400, 'invalid_body', ['primary_url']]);
    });
  });

  it('takes a callback URL of its own', async () => {
    expect((await server.ask('/environment', { method: 'PATCH', body: { callback_url: 'https://a.example/oauth' } })).body).toMatchObject({
      callback_url: 'https://a.example/oauth',
    });
    expect((await server.ask('/environment', { as: 'prod' })).body.callback_url).toBeNull();
  });

  it('refuses a body that is not JSON with invalid_json', async () => {
    const answer = await server.ask('/environment', { method: 'PATCH', body: '{' });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_json']);
  });
});
