import { Inject, Injectable } from '@nestjs/common';
import { DELETIONS, type DeletionStore, type RecordScope, RECORDS, type RecordStore } from 'database';
import type { CallSite } from 'journal/postgres';
import { AppError, type DeletionVerdict, type LogMessage, type PlatformAnswer, type PlatformArgs, type ScriptRecord, storedModel } from 'model';
import { deletionLine } from '../finish/deletion-line.js';
import { insertMessages } from '../operation-log/operation-log.repository.js';
import type { PlatformHandlers } from '../platform-call/handlers.js';
import { SaveTargets } from './save-targets.service.js';

const pageSize = 1_000;

/** What a script reads of its records, and what it says about how they are kept. */
@Injectable()
export class RecordCalls {
  constructor(
    @Inject(RECORDS) private readonly records: RecordStore,
    @Inject(DELETIONS) private readonly deletions: DeletionStore,
    private readonly targets: SaveTargets,
  ) {}

  readonly handlers: Pick<PlatformHandlers, 'getRecords' | 'listRecords' | 'setMergingStrategy' | 'trackDeletesStart' | 'trackDeletesEnd' | 'deletePrevious'> =
    {
      getRecords: (site, args) => this.get(site, args),
      listRecords: (site, args) => this.list(site, args),
      setMergingStrategy: (site, args) => this.setMergingStrategy(site, args),
      trackDeletesStart: (site, args) => this.startTracking(site, args),
      trackDeletesEnd: (site, args) => this.endTracking(site, args),
      deletePrevious: (site, args) => this.deletePrevious(site, args),
    };

  private async get(site: CallSite, { model, ids }: PlatformArgs<'getRecords'>): Promise<ScriptRecord[]> {
    const found = await this.records.getByIds(await this.scopeOf(site, model), ids, site.client);
    return [...found].map(([id, record]) => ({ ...record, id }));
  }

  private async list(site: CallSite, { model, cursor }: PlatformArgs<'listRecords'>): Promise<PlatformAnswer<'listRecords'>> {
    const scope = await this.scopeOf(site, model);
    return this.records.list({ ...scope, cursor: cursor ?? undefined, filter: ['ADDED', 'UPDATED'], limit: pageSize }, site.client);
  }

  private async setMergingStrategy(site: CallSite, { model, strategy }: PlatformArgs<'setMergingStrategy'>): Promise<null> {
    const scope = await this.scopeOf(site, model);
    await this.records.setMergingStrategy(site.client, { ...scope, executionId: site.execution.executionId, strategy });
    return null;
  }

  private async startTracking(site: CallSite, { model }: PlatformArgs<'trackDeletesStart'>): Promise<null> {
    const scope = await this.scopeOf(site, model);
    await this.deletions.startTracking(site.client, { ...scope, syncId: requireSync(site) });
    return null;
  }

  private async endTracking(site: CallSite, { model }: PlatformArgs<'trackDeletesEnd'>): Promise<PlatformAnswer<'trackDeletesEnd'>> {
    const scope = await this.scopeOf(site, model);
    const { executionId } = site.execution;
    const verdict = await this.deletions.endTracking(site.client, { ...scope, syncId: requireSync(site), executionId });
    return told(site, model, verdict);
  }

  private async deletePrevious(site: CallSite, { model }: PlatformArgs<'deletePrevious'>): Promise<PlatformAnswer<'deletePrevious'>> {
    // Looked for once: a second look would find the notes used up, and everything gone.
    if ((await this.targets.of(site.execution, model, site.client)).deletesAtEnd) return { deletedKeys: [] };
    const scope = await this.scopeOf(site, model);
    const { executionId } = site.execution;
    return told(site, model, await this.deletions.endRun(site.client, { ...scope, syncId: requireSync(site), executionId }));
  }

  private async scopeOf({ client, execution }: CallSite, model: string): Promise<RecordScope> {
    const { variant } = await this.targets.of(execution, model, client);
    return { environmentId: execution.environmentId, connectionId: execution.connectionId, model: storedModel(model, variant) };
  }
}

/** What is held back or spared is told in the run's log; nothing of it is among the keys. */
async function told({ client, execution }: CallSite, model: string, verdict: DeletionVerdict): Promise<{ deletedKeys: string[] }> {
  const line = verdict.kind === 'spared' && verdict.reason === 'not_tracked' ? untracked(model) : deletionLine(model, verdict);
  if (line) await insertMessages(client, execution, [{ at: new Date().toISOString(), ...line }]);
  return { deletedKeys: verdict.kind === 'deleted' ? verdict.ids : [] };
}

function untracked(model: string): Omit<LogMessage, 'at'> {
  return {
    level: 'warn',
    message: `Nothing of ${model} is deleted: its deletions were not tracked; call trackDeletesStart before the first save`,
    meta: { model },
  };
}

function requireSync({ execution }: CallSite): string {
  if (execution.syncId) return execution.syncId;
  throw new AppError('script_method_unavailable', { message: 'Deletions can be tracked in syncs only' });
}
