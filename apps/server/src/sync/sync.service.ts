import { Injectable } from '@nestjs/common';
import { parseRuns } from 'manifest/interval';
import {
  AppError,
  runOptionsOf,
  type SyncCommand,
  type SyncFrequencyUpdate,
  type SyncName,
  type SyncStatus,
  type SyncStatusQuery,
  type SyncTrigger,
} from 'model';
import { CancellationService } from '../cancellation/cancellation.service.js';
import { DeletionRepository } from '../record/deletion.repository.js';
import { RecordRepository } from '../record/record.repository.js';
import type { TargetHeaders } from '../script/connection-target.decorator.js';
import { ConnectionTargetService, requireKey } from '../script/connection-target.service.js';
import { frequencyText } from './frequency.js';
import { toSyncStatus } from './sync-snapshot.js';
import { type SelectedSync, SyncRepository } from './sync.repository.js';

type Selection = { providerConfigKey: string; connectionId: string | undefined; syncs: SyncName[] };

@Injectable()
export class SyncService {
  constructor(
    private readonly syncs: SyncRepository,
    private readonly targets: ConnectionTargetService,
    private readonly records: RecordRepository,
    private readonly cancellations: CancellationService,
    private readonly deletions: DeletionRepository,
  ) {}

  async trigger(environmentId: number, headers: TargetHeaders, request: SyncTrigger): Promise<void> {
    const selected = await this.select(environmentId, selectionOf(headers, request));
    await this.syncs.trigger(environmentId, { syncs: selected, named: request.syncs.length > 0, options: runOptionsOf(request) });
  }

  async setState(environmentId: number, headers: TargetHeaders, request: SyncCommand, state: 'started' | 'paused'): Promise<void> {
    const selected = await this.select(environmentId, selectionOf(headers, request));
    await this.syncs.setState(environmentId, selected, state);
  }

  /** Ends the run under way, if there is one; the schedule goes on. */
  async cancel(environmentId: number, headers: TargetHeaders, request: SyncCommand): Promise<void> {
    const selected = await this.select(environmentId, selectionOf(headers, request));
    await this.cancellations.cancelSyncs(environmentId, idsOf(selected));
  }

  async status(environmentId: number, query: SyncStatusQuery): Promise<SyncStatus[]> {
    const selection = { providerConfigKey: query.provider_config_key, connectionId: query.connection_id, syncs: query.syncs };
    const selected = await this.select(environmentId, selection, { mayBeNone: true });
    const snapshots = await this.syncs.snapshots(environmentId, idsOf(selected));
    const connections = [...new Set(snapshots.map(({ connectionRowId }) => connectionRowId))];
    const counts = new Map(await Promise.all(connections.map(async (id) => [id, await this.records.counts(environmentId, id)] as const)));
    const held = await this.deletions.heldBySync(environmentId, connections);
    const now = new Date();
    return snapshots.map((snapshot) => {
      const status = toSyncStatus(snapshot, counts.get(snapshot.connectionRowId) ?? {}, now);
      const heldDeletions = held.get(snapshot.id);
      return heldDeletions ? { ...status, heldDeletions } : status;
    });
  }

  /** Sets a connection's own interval or cron schedule, or takes it back; answers the one that holds now. */
  async setFrequency(environmentId: number, request: SyncFrequencyUpdate): Promise<string> {
    const rhythm = request.frequency === null ? null : parseRuns(request.frequency);
    const syncs = [{ name: request.sync_name, variant: request.sync_variant }];
    const [sync] = await this.select(environmentId, { providerConfigKey: request.provider_config_key, connectionId: request.connection_id, syncs });
    if (!sync) throw new AppError('unknown_sync');
    await this.syncs.setFrequency(environmentId, sync.id, rhythm);
    const [snapshot] = await this.syncs.snapshots(environmentId, [sync.id]);
    if (!snapshot) throw new AppError('unknown_sync');
    return frequencyText(snapshot);
  }

  async delete(environmentId: number, syncId: string, place: { providerConfigKey: string; connectionId: string }): Promise<void> {
    const selected = await this.select(environmentId, { ...place, syncs: [] });
    if (!selected.some(({ id }) => id === syncId))
      throw new AppError('unknown_sync', { message: `The connection '${place.connectionId}' has no sync '${syncId}'` });
    await this.syncs.delete(environmentId, syncId);
  }

  private async select(environmentId: number, { providerConfigKey, connectionId, syncs }: Selection, { mayBeNone = false } = {}): Promise<SelectedSync[]> {
    const place = await this.targets.requireIntegration(environmentId, providerConfigKey, connectionId);
    const chosen = await this.syncs.select({ environmentId, ...place }, syncs);
    if (chosen.length === 0 && !mayBeNone) throw new AppError('no_syncs_found', { message: `No connection of '${providerConfigKey}' has such a sync` });
    return chosen;
  }
}

function selectionOf(headers: TargetHeaders, request: SyncCommand): Selection {
  return {
    providerConfigKey: requireKey(request.provider_config_key ?? headers.providerConfigKey),
    connectionId: request.connection_id ?? headers.connectionId,
    syncs: request.syncs,
  };
}

function idsOf(syncs: SelectedSync[]): string[] {
  return syncs.map(({ id }) => id);
}
