import { createHash, randomUUID } from 'node:crypto';
import { defaultLimits, type ExecutionLimits, type SaveAnswer, type ScriptCall, type ScriptContext } from 'model';
import type { Broker, LogEntry } from '../broker.js';
import type { JailJob } from '../job.js';

/** Everything a script did at the broker. */
export type Heard = {
  calls: Omit<ScriptCall, 'call'>[];
  saves: { model: string; operation: string; records: unknown[] }[];
  logs: LogEntry[];
  metadata: unknown[];
  actions: unknown[];
  tape: string;
  divergences: string[];
};

type Response = { status?: number; headers?: Record<string, string | string[]>; body?: unknown };

/** A broker that remembers and answers; `respond` stands for the external API. */
export function aBroker(respond: (call: Omit<ScriptCall, 'call'>) => Response | Promise<Response> = () => ({ body: {} })): { broker: Broker; heard: Heard } {
  const heard: Heard = { calls: [], saves: [], logs: [], metadata: [], actions: [], tape: '', divergences: [] };
  const broker: Broker = {
    call: async (request) => {
      heard.calls.push(request);
      const { status = 200, headers = {}, body } = await respond(request);
      const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? null));
      return { answer: { status, statusText: '', headers: { 'content-type': 'application/json', ...headers } }, body: bytes };
    },
    connection: async () => ({ connection_id: 'connection-1', metadata: { team: 'blue' }, credentials: { type: 'OAUTH2', access_token: 'token-1' } }),
    save: async ({ model, operation }, records) => {
      const parsed = JSON.parse(Buffer.from(records).toString('utf8')) as unknown[];
      heard.saves.push({ model, operation, records: parsed });
      const answer: SaveAnswer = { added: parsed.length, updated: 0, deleted: 0, unchanged: 0, duplicates: [] };
      return answer;
    },
    log: async (entry) => void heard.logs.push(entry),
    platform: async ({ method, args }) => {
      if (method === 'environmentVariables') return [{ name: 'A', value: 'b' }];
      if (method === 'setMetadata') heard.metadata.push(args);
      return null;
    },
    triggerAction: async (request) => {
      heard.actions.push(request);
      return { done: true };
    },
    tape: (text) => void (heard.tape += text),
    diverged: (detail) => void heard.divergences.push(detail),
  };
  return { broker, heard };
}

export const someLimits: ExecutionLimits = { ...defaultLimits.action, wallMs: 20_000, silenceMs: 15_000 };

type Options = { context?: Partial<ScriptContext>; limits?: Partial<ExecutionLimits>; input?: unknown; broker?: Broker; signal?: AbortSignal; tape?: string };

/** A run of this CommonJS text: an action unless `context` says otherwise. */
export function aJob(code: string, { context, limits, input = null, broker, signal, tape }: Options = {}): JailJob {
  const base: ScriptContext = {
    executionId: randomUUID(),
    operationId: randomUUID(),
    kind: 'action',
    environmentId: 1,
    environmentName: 'dev',
    connectionId: 'connection-1',
    providerConfigKey: 'tracker-dev',
    provider: 'tracker',
    nangoConnectionId: 7,
    syncId: null,
    variant: 'base',
    scriptName: 'the-script',
    models: ['Issue', 'Person'],
    trackDeletes: false,
    attributes: { color: 'red' },
    lastSyncDate: null,
    entry: 'default',
    providerPagination: null,
  };
  const limitsOfJob = { ...someLimits, ...limits };
  const warmFor = createHash('sha256').update(code).digest('hex');
  return {
    code,
    warmFor,
    context: { ...base, ...context },
    input,
    limits: limitsOfJob,
    broker: broker ?? aBroker().broker,
    ...(signal ? { signal } : {}),
    ...(tape ? { tape } : {}),
  };
}
