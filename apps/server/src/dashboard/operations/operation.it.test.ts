import { randomUUID } from 'node:crypto';
import { OperationDetail, OperationPage } from 'model/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSignedInBrowser, type Browser } from '../../../test/dashboard.js';
import { aServer, type TestServer } from '../../../test/server.js';

describe('the logs of the dashboard', () => {
  let server: TestServer;
  let browser: Browser;
  const moment = new Date('2026-01-01T00:00:00.000Z');

  beforeAll(async () => {
    server = await aServer();
    browser = await aSignedInBrowser(server);
  });
  afterAll(() => server?.close());

  const anOperation = async (fields: {
    title: string;
    environment?: 'dev' | 'prod';
    kind?: string;
    status?: string;
    integration?: string;
    connectionId?: string;
    startedAt?: Date;
  }) => {
    const { environment = 'dev', kind = 'sync', ...rest } = fields;
    const data = { id: randomUUID(), environmentId: server.environments[environment].id, kind, ...rest };
    return server.database.operation.create({ data });
  };
  const titles = async (query: string) => {
    const page = OperationPage.parse((await browser.ask(`/operations?env=dev&${query}`)).body);
    return page.operations.map(({ title }) => title);
  };

  it('come newest first, in pages that miss none of the same moment', async () => {
    for (const title of ['a', 'b', 'c', 'd', 'e']) await anOperation({ title, integration: 'pages', startedAt: moment });
    await anOperation({ title: 'newest', integration: 'pages', startedAt: new Date(moment.getTime() + 1) });
    const seen: string[] = [];
    for (let before = ''; ;) {
      const page: OperationPage = (await browser.ask(`/operations?env=dev&integration=pages&limit=2${before}`)).body;
      seen.push(...page.operations.map(({ title }) => title));
      if (!page.next) break;
      before = `&before=${page.next}`;
    }
    expect(seen[0]).toBe('newest');
    expect(seen.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'newest']);
  });

  it('are found by kind, status, integration and connection', async () => {
    await anOperation({ title: 'needle', kind: 'action', status: 'failed', integration: 'gh', connectionId: 'acme' });
    await anOperation({ title: 'hay', kind: 'sync', status: 'success', integration: 'asana', connectionId: 'other' });
    const queries = ['kind=action', 'status=failed', 'integration=gh', 'connection=acme'];
    expect(await Promise.all(queries.map(titles))).toEqual(queries.map(() => ['needle']));
  });

  it('tell an operation with its lines in order', async () => {
    const operation = await anOperation({ title: 'told' });
    const line = { operationId: operation.id, environmentId: server.environments.dev.id, at: moment, level: 'info' };
    await server.database.operationMessage.createMany({
      data: [
        { ...line, message: 'one', meta: { a: 1 } },
        { ...line, message: 'two', level: 'error' },
      ],
    });
    const detail = OperationDetail.parse((await browser.ask(`/operations/${operation.id}?env=dev`)).body);
    expect(detail.operation).toMatchObject({ title: 'told', kind: 'sync', status: 'running', endedAt: null });
    expect(detail.messages).toEqual([
      { at: moment.toISOString(), level: 'info', message: 'one', meta: { a: 1 } },
      { at: moment.toISOString(), level: 'error', message: 'two', meta: null },
    ]);
  });

  it('of the other environment are not there', async () => {
    const { id } = await anOperation({ title: 'theirs', environment: 'prod' });
    expect((await browser.ask(`/operations/${id}?env=dev`)).status).toBe(404);
    expect(await titles('limit=200')).not.toContain('theirs');
  });

  it.each(['kind=x', 'status=x', 'limit=0', 'before=x', 'before=2026-99-99T00:00:00.000Z_00000000-0000-0000-0000-000000000000'])(
    'are refused with %s',
    async (query) => {
      expect((await browser.ask(`/operations?env=dev&${query}`)).body.error.code).toBe('invalid_query_params');
    },
  );
});
