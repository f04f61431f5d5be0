import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { TestStack } from 'stack/testing';

/** An external API of this test's own: `answer` decides by what was asked. */
export async function anApi(
  answer: (request: IncomingMessage, body: string) => { status?: number; headers?: Record<string, string>; body?: unknown } | Promise<never>,
): Promise<{ url: string; seen: string[]; close: () => void }> {
  const seen: string[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', async () => {
      seen.push(`${request.method} ${request.url}`);
      const { status = 200, headers = {}, body } = await answer(request, text);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, seen, close: () => void server.close() };
}

/** An integration of its own with one connection, and what one needs to run scripts on it. */
export class Workbench {
  readonly key = `runner-${randomUUID().slice(0, 8)}`;
  readonly connectionId = 'connection-1';
  readonly #stack: TestStack;

  constructor(stack: TestStack) {
    this.#stack = stack;
  }

  async open(baseUrl: string): Promise<void> {
    await this.ask('POST', '/integrations', { unique_key: this.key, provider: 'private-api-bearer' });
    await this.ask('POST', '/connection', {
      provider_config_key: this.key,
      connection_id: this.connectionId,
      api_key: 'secret-key-1',
      connection_config: { baseUrl },
    });
  }

  /** Deploys actions by name; their bodies see `nango` and `input`. */
  async deploy(actions: Record<string, string>, syncs: Record<string, string> = {}): Promise<void> {
    const flows = [
      ...Object.entries(actions).map(([name, body]) => this.flow('action', name, body)),
      ...Object.entries(syncs).map(([name, body]) => this.flow('sync', name, body)),
    ];
    const body = { flowConfigs: flows, onEventScriptsByProvider: [], jsonSchema: {}, reconcile: false, debug: false, nangoYamlBody: 'integrations: {}' };
    // Test files share one stack: another of them may be deploying to the same environment right now.
    for (let left = 50; ; left -= 1) {
      const response = await this.fetch('POST', '/sync/deploy', body);
      if (response.ok) return;
      if (response.status !== 409 || left === 0) throw new Error(`deploy: ${response.status} ${await response.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async act(name: string, input?: unknown): Promise<{ status: number; body: unknown; headers: Headers; ms: number }> {
    const startedAt = performance.now();
    const response = await this.fetch('POST', '/action/trigger', { action_name: name, input });
    return { status: response.status, body: await response.json(), headers: response.headers, ms: performance.now() - startedAt };
  }

  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.fetch(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  private fetch(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.#stack.secretKey}`,
      'content-type': 'application/json',
      'provider-config-key': this.key,
      'connection-id': this.connectionId,
    };
    return fetch(this.#stack.serverUrl + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  private flow(type: 'action' | 'sync', name: string, body: string): object {
    const js = `exports.default = async (nango, input) => { ${body} };`;
    const own =
      type === 'sync' ? { runs: 'every hour', models: ['Issue'], sync_type: 'full', track_deletes: true, auto_start: false } : { runs: '', models: [] };
    return {
      syncName: name,
      providerConfigKey: this.key,
      type,
      fileBody: { js, ts: '' },
      input: null,
      endpoints: [{ method: type === 'sync' ? 'GET' : 'POST', path: `/${this.key}/${name}` }],
      model_schema: type === 'sync' ? [{ name: 'Issue', fields: [{ name: 'id', value: 'string', tsType: true }] }] : [],
      attributes: {},
      metadata: {},
      ...own,
    };
  }
}
