import type { PlatformAnswer, PlatformArgs, PlatformCall, ScriptRecord, SyncName } from 'model';
import type { RestClient } from '../api/rest-client.js';
import type { Terminal } from '../terminal.js';
import type { CallTarget } from './proxy-call.js';
import type { Recorded } from './recorded.js';

/** Runs another sync here, as this one is run; false when the project has no such sync. */
export type DryrunSync = (target: CallTarget, sync: SyncName) => Promise<boolean>;

export type DryrunPlatformOptions = { target: CallTarget; variant: string; runSync: DryrunSync };

const idsAtOnce = 100;

/** What a script asks of the platform: reads are real, everything else is written down and shown. */
export class DryrunPlatform {
  readonly #locks = new Set<string>();
  /** Ids that a listing has come by, from its beginning on. */
  readonly #listed = new Map<string, Set<string>>();

  constructor(
    private readonly client: RestClient,
    private readonly terminal: Terminal,
    private readonly recorded: Recorded,
    private readonly options: DryrunPlatformOptions,
  ) {}

  async perform(call: PlatformCall): Promise<unknown> {
    switch (call.method) {
      case 'environmentVariables':
        return this.client.json('/environment-variables');
      case 'getIntegration':
        return this.#integration(call.args.include);
      case 'getRecords':
        return this.#records(call.args);
      case 'listRecords':
        return this.#page(call.args);
      case 'getCheckpoint':
        return { value: this.recorded.checkpoint, version: 0 };
      case 'acquireLock':
        this.#locks.add(call.args.key);
        return true;
      case 'releaseLock':
        return this.#locks.delete(call.args.key);
      default:
        return this.#writeDown(call);
    }
  }

  async #writeDown(call: PlatformCall): Promise<unknown> {
    switch (call.method) {
      case 'setMetadata':
        this.recorded.metadata.push(call.args);
        return null;
      case 'setLastSyncDate':
        this.recorded.lastSyncDate = call.args.date;
        return null;
      case 'saveCheckpoint':
        this.recorded.saveCheckpoint(call.args.value);
        return { version: 0 };
      case 'releaseAllLocks':
        this.#locks.clear();
        return null;
      case 'triggerSync':
        return this.#triggerSync(call.args);
      case 'startSync':
        this.terminal.print(`Would start ${call.args.syncs.map(nameOf).join(', ') || 'every sync'} of ${call.args.connection_id ?? 'every connection'}`);
        return null;
      case 'trackDeletesEnd':
      case 'deletePrevious':
        this.terminal.print(`Would delete the records of ${call.args.model} that were not saved`);
        return { deletedKeys: [] };
      default:
        return null;
    }
  }

  async #integration(include: string[]): Promise<unknown> {
    const query = include.length > 0 ? { include: include.join(',') } : {};
    const answer = (await this.client.json(`/integrations/${encodeURIComponent(this.options.target.providerConfigKey)}`, { query })) as {
      data?: unknown;
    } | null;
    return answer?.data ?? null;
  }

  async #triggerSync({ provider_config_key: key, connection_id: id, syncs }: PlatformArgs<'triggerSync'>): Promise<null> {
    const { target, runSync } = this.options;
    const other = { providerConfigKey: key ?? target.providerConfigKey, connectionId: id ?? target.connectionId };
    for (const sync of syncs) {
      this.terminal.print(`The script triggers ${nameOf(sync)} of ${other.connectionId}`);
      if (!(await runSync(other, sync))) this.terminal.warn(`There is no sync '${sync.name}' of '${other.providerConfigKey}' in nango.yaml to run`);
    }
    return null;
  }

  /** What the server has, as this run would have changed it. */
  async #records({ model, ids }: PlatformArgs<'getRecords'>): Promise<ScriptRecord[]> {
    const stored: ScriptRecord[] = [];
    for (let start = 0; start < ids.length; start += idsAtOnce) {
      const some = new URLSearchParams(ids.slice(start, start + idsAtOnce).map((id) => ['ids', id]));
      stored.push(...(await this.#read(model, some)).records);
    }
    return this.recorded.overlayRecords(model, ids, stored);
  }

  /** A page as this run would have changed it; what it has added stands behind the last one, as the newest does. */
  async #page({ model, cursor }: PlatformArgs<'listRecords'>): Promise<PlatformAnswer<'listRecords'>> {
    const page = await this.#read(model, new URLSearchParams({ filter: 'added,updated', limit: '1000', ...(cursor === null ? {} : { cursor }) }));
    const ids = page.records.map(({ id }) => String(id));
    const listed = new Set([...(cursor === null ? [] : (this.#listed.get(model) ?? [])), ...ids]);
    this.#listed.set(model, listed);
    const records = this.recorded.overlayRecords(model, ids, page.records);
    const added = page.next_cursor === null ? this.recorded.savedIds(model).filter((id) => !listed.has(id)) : [];
    return { ...page, records: [...records, ...this.recorded.overlayRecords(model, added, [])] };
  }

  async #read(model: string, query: URLSearchParams): Promise<PlatformAnswer<'listRecords'>> {
    const { target, variant } = this.options;
    query.set('model', model);
    if (variant !== 'base') query.set('variant', variant);
    const headers = { 'connection-id': target.connectionId, 'provider-config-key': target.providerConfigKey };
    return (await this.client.json(`/records?${query.toString()}`, { headers })) as PlatformAnswer<'listRecords'>; // the form of the public API
  }
}

function nameOf({ name, variant }: SyncName): string {
  return variant === 'base' ? name : `${name}::${variant}`;
}
