import { randomUUID } from 'node:crypto';
import { Nango } from '@nangohq/frontend';
import type { SyncWebhook } from 'model';
import { Product, sharedStack, type TestStack } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anHttpPeer, bodyOf } from '../test/http-peer.js';

/** Issues of this test alone: the tracker is other tests', too. */
const ours = `guide-${randomUUID().slice(0, 8)}`;
const issues = `exports.default = async (nango) => {
  const { data } = await nango.get({ endpoint: '/api/issues', params: { page_size: '200', updated_since: '${new Date(Date.now() - 60_000).toISOString()}' } });
  await nango.batchSave(data.issues.filter(({ title }) => title.startsWith('${ours}')).map(({ id, title }) => ({ id, title })), 'Issue');
}`;
const createIssue = `exports.default = async (nango, { title }) => (await nango.post({ endpoint: '/api/issues', data: { title } })).data`;

describe('the user guide', () => {
  const told: SyncWebhook[] = [];
  const connectionId = `customer-${randomUUID().slice(0, 8)}`;
  let stack: TestStack;
  let product: Product;
  let hook: Awaited<ReturnType<typeof anHttpPeer>>;
  let integration: string;
  beforeAll(async () => {
    stack = await sharedStack();
    // In `prod`, whose webhooks no other test asks for.
    product = new Product({ serverUrl: stack.serverUrl, secretKey: stack.prodSecretKey }, stack.simulatorUrl);
    hook = await anHttpPeer(async (request, response) => {
      const webhook = JSON.parse(String(await bodyOf(request))) as SyncWebhook;
      if (webhook.type === 'sync') told.push(webhook);
      response.writeHead(200).end();
    });
    await product.must('PATCH', '/environment/webhooks', { body: { primary_url: hook.url } });
    integration = await product.integration('demo-tracker');
    await product.deploy(
      integration,
      { name: 'issues', type: 'sync', models: ['Issue'], js: issues },
      { name: 'create-issue', type: 'action', js: createIssue },
    );
  });
  afterAll(async () => {
    await product?.must('PATCH', '/environment/webhooks', { body: { primary_url: '' } });
    await hook?.close();
  });

  const anIssue = (title: string) =>
    fetch(`${stack.simulatorUrl}/api/issues`, {
      method: 'POST',
      headers: { authorization: 'Bearer demo-key', 'content-type': 'application/json' },
      body: JSON.stringify({ title: `${ours} ${title}` }),
    });
  const results = () => told.filter((webhook) => webhook.connectionId === connectionId).map(({ responseResults }) => responseResults);
  const titles = async () => (await product.records(integration, connectionId, 'Issue')).records.map(({ title }) => title);

  it('leads from the browser to a connection, its first sync, a webhook for each change, the records, and an action', async () => {
    await anIssue('one');
    const { public_key: publicKey } = (await product.must('GET', '/environment')) as { public_key: string };
    const nango = new Nango({ host: stack.serverUrl, publicKey });
    const made = await nango.auth(integration, connectionId, { credentials: { apiKey: 'demo-key' }, params: { baseUrl: stack.simulatorUrl } });
    expect(made).toMatchObject({ providerConfigKey: integration, connectionId, ok: true });

    await product.ran(integration, connectionId, 'issues');
    await expect.poll(results, { timeout: 20_000 }).toEqual([{ added: 1, updated: 0, deleted: 0 }]);
    expect(await titles()).toEqual([`${ours} one`]);

    await product.run(integration, connectionId, 'issues');
    const created = await product.action(integration, connectionId, 'create-issue', { title: `${ours} two` });
    expect([created.status, created.body]).toEqual([200, expect.objectContaining({ title: `${ours} two` })]);
    await product.run(integration, connectionId, 'issues');
    // None for the run in between, which found nothing new.
    await expect.poll(results, { timeout: 20_000 }).toHaveLength(2);
    expect(results()[1]).toEqual({ added: 1, updated: 0, deleted: 0 });
    expect(await titles()).toEqual([`${ours} one`, `${ours} two`]);
  });
});
