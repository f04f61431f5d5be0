import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Stack } from './stack.js';
import { aStack, Product } from './testing/index.js';
import { describe as told } from './testing/shared-stack.js';

const slow = { type: 'sync', models: ['Thing'], endpoints: [{ method: 'GET', path: '/slow' }], auto_start: false } as const;

describe('an environment beside a runaway one', () => {
  let stack: Stack;
  let quiet: { product: Product; integration: string; connection: string };

  beforeAll(async () => {
    stack = await aStack();
    quiet = await anEnvironment('prod');
    const { product, integration } = quiet;
    await product.deploy(integration, { name: 'echo', type: 'action', js: 'exports.default = async () => 1;' });
    await product.deploy(integration, { name: 'brief', ...slow, js: 'exports.default = async () => { await new Promise((done) => setTimeout(done, 300)); };' });
    const loud = await anEnvironment('dev');
    for (let count = 0; count < 40; count += 1) await loud.product.connection(loud.integration);
    await loud.product.deploy(loud.integration, {
      name: 'slow',
      ...slow,
      js: 'exports.default = async () => { await new Promise((done) => setTimeout(done, 20_000)); };',
    });
    await loud.product.must('POST', '/sync/trigger', { body: { provider_config_key: loud.integration, syncs: ['slow'] } });
    // As many as it may have at once are running, and ten times as many wait.
    const running = async () => {
      const { body } = await loud.product.call('GET', `/sync/status?provider_config_key=${loud.integration}&syncs=*`);
      return (body as { syncs: { status: string }[] }).syncs.filter(({ status }) => status === 'RUNNING').length;
    };
    await vi.waitUntil(async () => (await running()) === 41, { timeout: 30_000, interval: 200 });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  });
  afterAll(() => stack?.stop());

  async function anEnvironment(name: 'dev' | 'prod') {
    const { serverUrl } = told(stack);
    const product = new Product({ serverUrl, secretKey: stack.keys.environments[name].secretKey }, 'http://127.0.0.1:9');
    const integration = await product.integration();
    return { product, integration, connection: await product.connection(integration) };
  }

  it('has its actions answered as if it were alone', { timeout: 60_000 }, async () => {
    const { product, integration, connection } = quiet;
    for (let count = 0; count < 5; count += 1) {
      const startedAt = performance.now();
      expect(await product.action(integration, connection, 'echo')).toMatchObject({ status: 200, body: 1 });
      expect(performance.now() - startedAt).toBeLessThan(2_500);
    }
  });

  it('has its syncs run at once', { timeout: 60_000 }, async () => {
    const { product, integration, connection } = quiet;
    const startedAt = performance.now();
    await product.run(integration, connection, 'brief');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
