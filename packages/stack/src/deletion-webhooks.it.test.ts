import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SyncWebhook } from 'model';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Product, sharedStack } from './testing/index.js';

const js = `exports.default = async (nango) => { const { data } = await nango.get({ endpoint: '/all' }); await nango.batchSave(data, 'Letter'); }`;

describe('a deletion that a team decides on', () => {
  let world: Server;
  let product: Product;
  let integration: string;
  let connectionId: string;
  let letters = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  const told: SyncWebhook[] = [];

  beforeAll(async () => {
    world = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.url === '/hook') told.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(letters));
    });
    await new Promise<void>((resolve) => void world.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(world.address() as AddressInfo).port}`;
    product = new Product(await sharedStack(), url);
    await product.must('PATCH', '/environment/webhooks', { body: { primary_url: `${url}/hook` } });
    integration = await product.integration();
    await product.deploy(integration, { name: 'letters', type: 'sync', models: ['Letter'], track_deletes: true, js });
    connectionId = await product.connection(integration);
    await product.ran(integration, connectionId, 'letters');
    letters = [];
    await product.run(integration, connectionId, 'letters');
  });
  afterAll(async () => {
    await product?.must('PATCH', '/environment/webhooks', { body: { primary_url: '' } });
    world?.close();
  });

  // The environment is other tests', too.
  const ours = (): SyncWebhook[] => told.filter((webhook) => webhook.connectionId === connectionId);
  const results = (): unknown[] => ours().map(({ responseResults }) => responseResults);
  const held = async (): Promise<string> => {
    const query = new URLSearchParams({ provider_config_key: integration, connection_id: connectionId });
    const { deletions } = (await product.must('GET', `/sync/deletions?${query}`)) as { deletions: { id: string }[] };
    return deletions[0]?.id ?? '';
  };
  const changed = async ({ modifiedAfter = '' }: SyncWebhook): Promise<unknown[]> =>
    (await product.records(integration, connectionId, 'Letter', { modified_after: modifiedAfter })).records.map(
      ({ _nango_metadata }) => (_nango_metadata as { last_action: string }).last_action,
    );

  it('is told like one of a run: where its records are found, with their number', async () => {
    await vi.waitFor(() => expect(results()).toEqual([{ added: 3, updated: 0, deleted: 0 }]), { timeout: 20_000 });
    await product.must('POST', `/sync/deletions/${await held()}/apply`);
    await vi.waitFor(() => expect(results()).toContainEqual({ added: 0, updated: 0, deleted: 3 }), { timeout: 20_000 });
    const webhook = ours().at(-1)!;
    expect(webhook).toMatchObject({ from: 'nango', type: 'sync', syncName: 'letters', model: 'Letter', syncType: 'INCREMENTAL', success: true });
    expect(await changed(webhook)).toEqual(['DELETED', 'DELETED', 'DELETED']);
  });

  it('and is told again when it is undone', async () => {
    await product.must('POST', `/sync/deletions/${await held()}/undo`);
    await vi.waitFor(() => expect(results()).toHaveLength(3), { timeout: 20_000 });
    expect(results().at(-1)).toEqual({ added: 3, updated: 0, deleted: 0 });
    expect(await changed(ours().at(-1)!)).toEqual(['ADDED', 'ADDED', 'ADDED']);
  });
});
