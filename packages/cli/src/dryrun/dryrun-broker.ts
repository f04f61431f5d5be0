import type { Broker, LogEntry } from 'jail';
import { AppError, isErrorCode, type PlatformCall, type SaveAnswer, type SaveOperation } from 'model';
import type { ModelCheck } from 'validation';
import { RestError, type RestClient } from '../api/rest-client.js';
import { CliError } from '../cli-error.js';
import type { Terminal } from '../terminal.js';
import { DryrunPlatform, type DryrunPlatformOptions } from './dryrun-platform.js';
import { callThroughProxy } from './proxy-call.js';
import type { Recorded } from './recorded.js';

/** How a dry run treats what a script does. `enforce` makes an invalid record fail the run; else it warns. */
export type DryrunSettings = DryrunPlatformOptions & {
  metadata: Record<string, unknown> | undefined;
  enforce: boolean;
  check: ModelCheck;
};

const shownWarnings = 5;

/** Answers a jailed script through the server's public API. Reads are real, an action triggered by the script too; records and metadata are only written down. */
export class DryrunBroker implements Broker {
  /** Why a call could not be made at all; more telling than what the script makes of it. */
  trouble: CliError | null = null;
  readonly #platform: DryrunPlatform;
  #warned = 0;

  constructor(
    private readonly client: RestClient,
    private readonly terminal: Terminal,
    private readonly recorded: Recorded,
    private readonly settings: DryrunSettings,
  ) {
    this.#platform = new DryrunPlatform(client, terminal, recorded, settings);
  }

  async call(request: Parameters<Broker['call']>[0]): ReturnType<Broker['call']> {
    return this.#refusing(() => callThroughProxy(this.client, this.settings.target, request));
  }

  async connection({ providerConfigKey, connectionId, forceRefresh }: Parameters<Broker['connection']>[0]): Promise<unknown> {
    const { target, metadata } = this.settings;
    const id = connectionId ?? target.connectionId;
    const key = providerConfigKey ?? target.providerConfigKey;
    const query = { provider_config_key: key, ...(forceRefresh ? { force_refresh: 'true' } : {}) };
    const found = await this.#refusing(() => this.client.json(`/connection/${encodeURIComponent(id)}`, { query, headers: { 'nango-is-dry-run': 'true' } }));
    const own = id === target.connectionId && key === target.providerConfigKey;
    if (!own || typeof found !== 'object' || found === null) return found;
    const stored = 'metadata' in found ? { ...(found.metadata as Record<string, unknown> | null) } : {};
    return { ...found, metadata: this.recorded.overlay(metadata ?? stored) };
  }

  async save({ model, operation }: { model: string; operation: SaveOperation }, bytes: Uint8Array): Promise<SaveAnswer> {
    const records = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>[]; // the jail hands over a JSON array of objects
    if (operation === 'save') this.#checkRecords(model, records);
    this.recorded.saves.push({ model, operation, records });
    const count = records.length;
    return {
      added: operation === 'save' ? count : 0,
      updated: operation === 'update' ? count : 0,
      deleted: operation === 'delete' ? count : 0,
      unchanged: 0,
      duplicates: [],
    };
  }

  async log({ level, message, meta }: LogEntry): Promise<void> {
    const line = `[${level}] ${message}${meta === undefined ? '' : ` ${JSON.stringify(meta)}`}`;
    if (level === 'error') this.terminal.bad(line);
    else if (level === 'warn') this.terminal.warn(line);
    else this.terminal.print(line);
  }

  async platform(call: PlatformCall): Promise<unknown> {
    return this.#refusing(() => this.#platform.perform(call));
  }

  async triggerAction({ providerConfigKey, connectionId, actionName, input }: Parameters<Broker['triggerAction']>[0]): Promise<unknown> {
    const headers = { 'connection-id': connectionId, 'provider-config-key': providerConfigKey };
    return this.#refusing(() => this.client.json('/action/trigger', { method: 'POST', headers, body: { action_name: actionName, input } }));
  }

  tape(): void {
    // A dry run is not resumed.
  }

  diverged(): void {
    // Without a tape there is nothing to leave.
  }

  #checkRecords(model: string, records: Record<string, unknown>[]): void {
    for (const record of records) {
      const problems = problemLines(this.settings.check, model, record);
      if (problems.length === 0) continue;
      const message = `Invalid record of '${model}'${record['id'] === undefined ? '' : ` (id ${JSON.stringify(record['id'])})`}: ${problems.join('; ')}`;
      if (this.settings.enforce) throw new AppError('invalid_sync_record', { message, payload: { model, problems } });
      if (this.#warned++ < shownWarnings) this.terminal.warn(message);
    }
  }

  /** Gives the script the server's refusal by its code, as the platform's own broker does. */
  async #refusing<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof RestError)
        throw new AppError(isErrorCode(error.code) ? error.code : 'server_error', { message: error.said ?? error.message, payload: error.payload });
      if (error instanceof CliError) {
        this.trouble = error;
        throw new AppError('upstream_unreachable', { message: error.message });
      }
      throw error;
    }
  }
}

/** What is wrong with a value, one line per problem. */
export function problemLines(check: ModelCheck, model: string, value: unknown): string[] {
  return check.problems(model, value).map(({ path, message }) => `${path} ${message}`);
}
