import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FlowConfig, SyncStatus } from 'model';
import type { TestStack } from './shared-stack.js';

/** What the server answered: JSON where it is JSON, else text. */
export type Answer = { status: number; headers: Headers; body: unknown };

/** A script to deploy as its author would have compiled it: `js` is CommonJS. */
export type TestScript = { name: string; type: 'sync' | 'action'; js: string } & Partial<Omit<FlowConfig, 'type'>>;

type Call = { body?: unknown; headers?: Record<string, string>; key?: string };

/** A product's backend as tests play it: it makes integrations and connections, deploys scripts and calls the REST API. */
export class Product {
  constructor(
    readonly stack: Pick<TestStack, 'serverUrl' | 'secretKey'>,
    /** The external API that connections point to. */
    readonly apiUrl: string,
  ) {}

  async call(method: string, path: string, { body, headers = {}, key = this.stack.secretKey }: Call = {}): Promise<Answer> {
    const response = await fetch(`${this.stack.serverUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
    };
  }

  /** As {@link Product.call}, for calls that must succeed. */
  async must(method: string, path: string, call: Call = {}): Promise<unknown> {
    const { status, body } = await this.call(method, path, call);
    if (status >= 300) throw new Error(`${method} ${path} -> ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** A new integration with a key of its own. */
  async integration(provider = 'private-api-bearer'): Promise<string> {
    const key = `test-${randomUUID().slice(0, 8)}`;
    await this.must('POST', '/integrations', { body: { unique_key: key, provider } });
    return key;
  }

  /** A new connection; its API key and address fit `private-api-bearer`. */
  async connection(integration: string, connectionId = `c-${randomUUID().slice(0, 8)}`): Promise<string> {
    const body = {
      provider_config_key: integration,
      connection_id: connectionId,
      credentials: { type: 'API_KEY', apiKey: 'secret-of-the-api' },
      connection_config: { baseUrl: this.apiUrl },
    };
    await this.must('POST', '/connections', { body });
    return connectionId;
  }

  /** Deploys scripts of one integration, beside what is there. */
  async deploy(integration: string, ...scripts: TestScript[]): Promise<void> {
    const flowConfigs = scripts.map(({ name, js, ...rest }) => ({
      syncName: name,
      providerConfigKey: integration,
      runs: rest.type === 'sync' ? 'every day' : '',
      models: [],
      endpoints: [],
      fileBody: { js, ts: '' },
      ...rest,
    }));
    const body = { flowConfigs, reconcile: false, debug: false, nangoYamlBody: '', jsonSchema: {}, singleDeployMode: true };
    // Test files share one stack: another of them may be deploying to the same environment right now.
    for (let left = 50; ; left -= 1) {
      const answer = await this.call('POST', '/sync/deploy', { body });
      if (answer.status === 200) return;
      if (answer.status !== 409 || left === 0) throw new Error(`deploy -> ${answer.status} ${JSON.stringify(answer.body)}`);
      await wait(100);
    }
  }

  action(integration: string, connectionId: string, name: string, input?: unknown): Promise<Answer> {
    const headers = { 'connection-id': connectionId, 'provider-config-key': integration };
    return this.call('POST', '/action/trigger', { headers, body: { action_name: name, input } });
  }

  async status(integration: string, connectionId: string, sync: string): Promise<SyncStatus | undefined> {
    const query = new URLSearchParams({ provider_config_key: integration, connection_id: connectionId, syncs: sync });
    const { body } = await this.call('GET', `/sync/status?${query}`);
    return (body as { syncs?: SyncStatus[] }).syncs?.[0];
  }

  /** Waits for the end of a run that finished after `after` (default: any run). */
  async ran(integration: string, connectionId: string, sync: string, { after = new Date(0), withinMs = 60_000 } = {}): Promise<SyncStatus> {
    const until = Date.now() + withinMs;
    for (;;) {
      const status = await this.status(integration, connectionId, sync);
      if (status?.finishedAt && new Date(status.finishedAt) > after && status.status !== 'RUNNING') return status;
      if (Date.now() > until) throw new Error(`${sync} did not end within ${withinMs} ms: ${JSON.stringify(status)}`);
      await wait(100);
    }
  }

  /** Triggers a run and waits for its end. */
  async run(integration: string, connectionId: string, sync: string, options: Record<string, unknown> = {}): Promise<SyncStatus> {
    const after = new Date();
    await this.must('POST', '/sync/trigger', { body: { provider_config_key: integration, connection_id: connectionId, syncs: [sync], ...options } });
    return this.ran(integration, connectionId, sync, { after });
  }

  async records(
    integration: string,
    connectionId: string,
    model: string,
    query: Record<string, string> = {},
  ): Promise<{ records: ({ id: string } & Record<string, unknown>)[]; next_cursor: string | null }> {
    const headers = { 'connection-id': connectionId, 'provider-config-key': integration };
    return (await this.must('GET', `/records?${new URLSearchParams({ model, ...query })}`, { headers })) as Awaited<ReturnType<Product['records']>>;
  }
}
