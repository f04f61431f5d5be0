import { Injectable } from '@nestjs/common';
import { AppError, type DeletionDecision, type RecordDeletion, type RecordDeletionQuery, type UndoneDeletion } from 'model';
import { ConnectionTargetService } from '../script/connection-target.service.js';
import { DeletionRepository } from './deletion.repository.js';

@Injectable()
export class DeletionService {
  constructor(
    private readonly deletions: DeletionRepository,
    private readonly targets: ConnectionTargetService,
  ) {}

  async list(environmentId: number, { state, provider_config_key, connection_id }: RecordDeletionQuery): Promise<RecordDeletion[]> {
    if ((provider_config_key === undefined) !== (connection_id === undefined)) {
      throw new AppError('invalid_query_params', { message: 'connection_id and provider_config_key name a connection together' });
    }
    const place = provider_config_key
      ? await this.targets.require(environmentId, { providerConfigKey: provider_config_key, connectionId: connection_id })
      : null;
    return this.deletions.list({ environmentId, connectionId: place?.connectionId, states: state && [state] });
  }

  /** Those of a connection's row that wait for a decision or can still be undone. */
  open(environmentId: number, connectionId: number): Promise<RecordDeletion[]> {
    return this.deletions.open(environmentId, connectionId);
  }

  /** Deletes what was held, forgets it, or brings back what was deleted. @throws AppError `unknown_deletion`, `deletion_decided`, `undo_expired` */
  decide(environmentId: number, id: string, decision: DeletionDecision): Promise<RecordDeletion | UndoneDeletion> {
    return this.deletions[decision](environmentId, id);
  }
}
