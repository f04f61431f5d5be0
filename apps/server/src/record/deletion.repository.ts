import { Inject, Injectable } from '@nestjs/common';
import { type Deletion, type DeletionFilter, DELETIONS, type DeletionStore, undoDays } from 'database';
import { type RecordDeletion, type UndoneDeletion, shownModel } from 'model';
import { tellProduct } from './deletion-webhook.repository.js';

const dayMs = 24 * 60 * 60 * 1000;

@Injectable()
export class DeletionRepository {
  constructor(@Inject(DELETIONS) private readonly deletions: DeletionStore) {}

  /** Deletions by tracking, the youngest first. */
  async list(filter: DeletionFilter): Promise<RecordDeletion[]> {
    return (await this.deletions.list(filter)).map(toDeletion);
  }

  /** Those of a connection that wait for a decision, and those that can still be undone. */
  async open(environmentId: number, connectionId: number): Promise<RecordDeletion[]> {
    const found = await this.list({ environmentId, connectionId, states: ['held', 'applied'] });
    const now = new Date().toISOString();
    return found.filter(({ state, undo_until }) => state === 'held' || (undo_until !== null && undo_until > now));
  }

  /** What waits for a decision, by sync. */
  async heldBySync(environmentId: number, connectionIds: number[]): Promise<Map<string, { id: string; model: string; missing: number; existing: number }[]>> {
    const found = await Promise.all(connectionIds.map((connectionId) => this.deletions.list({ environmentId, connectionId, states: ['held'] })));
    const bySync = Map.groupBy(found.flat(), ({ syncId }) => syncId ?? '');
    return new Map([...bySync].map(([syncId, deletions]) => [syncId, deletions.map(toHeld)]));
  }

  async apply(environmentId: number, id: string): Promise<RecordDeletion> {
    return toDeletion(await this.deletions.apply(environmentId, id, tellProduct));
  }

  async drop(environmentId: number, id: string): Promise<RecordDeletion> {
    return toDeletion(await this.deletions.drop(environmentId, id));
  }

  async undo(environmentId: number, id: string): Promise<UndoneDeletion> {
    const { deletion, restored } = await this.deletions.undo(environmentId, id, tellProduct);
    return { deletion: toDeletion(deletion), restored };
  }
}

function toHeld({ id, model, syncVariant, missing, existing }: Deletion): { id: string; model: string; missing: number; existing: number } {
  return { id, model: shownModel(model, syncVariant), missing, existing };
}

function toDeletion(deletion: Deletion): RecordDeletion {
  const { id, state, reason, missing, existing, deleted, createdAt, decidedAt } = deletion;
  const undoUntil = state === 'applied' && decidedAt ? new Date(decidedAt.getTime() + undoDays * dayMs) : null;
  return {
    id,
    connection_id: deletion.connectionName,
    provider_config_key: deletion.providerConfigKey,
    sync_name: deletion.syncName,
    sync_variant: deletion.syncVariant,
    model: shownModel(deletion.model, deletion.syncVariant),
    state,
    reason,
    missing,
    existing,
    share: existing === 0 ? 1 : missing / existing,
    deleted,
    created_at: createdAt.toISOString(),
    decided_at: decidedAt?.toISOString() ?? null,
    undo_until: undoUntil?.toISOString() ?? null,
  };
}
