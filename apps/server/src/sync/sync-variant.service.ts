import { Injectable } from '@nestjs/common';
import { AppError, baseVariant, type SyncName, type SyncVariant, type SyncVariantPlace } from 'model';
import { ConnectionTargetService } from '../script/connection-target.service.js';
import { type VariantPlace, SyncVariantRepository } from './sync-variant.repository.js';

/** Further syncs of one script on one connection, each with progress, schedule and records of its own. */
@Injectable()
export class SyncVariantService {
  constructor(
    private readonly variants: SyncVariantRepository,
    private readonly targets: ConnectionTargetService,
  ) {}

  async create(environmentId: number, place: SyncVariantPlace, sync: SyncName): Promise<SyncVariant> {
    const found = await this.place(environmentId, place, sync);
    const outcome = await this.variants.create(found, sync);
    if (outcome.kind === 'made') return { id: outcome.id, ...sync };
    if (outcome.kind === 'capped') throw new AppError('resource_capped', { message: `A connection may have ${outcome.limit} syncs` });
    if (outcome.kind === 'exists')
      throw new AppError('sync_variant_already_exists', { message: `The sync '${sync.name}' has a variant '${sync.variant}' on this connection` });
    throw unknownSync(sync.name);
  }

  async delete(environmentId: number, place: SyncVariantPlace, sync: SyncName): Promise<void> {
    const found = await this.place(environmentId, place, sync);
    if (!(await this.variants.delete(found, sync))) throw unknownSync(`${sync.name}::${sync.variant}`);
  }

  private async place(environmentId: number, place: SyncVariantPlace, { variant }: SyncName): Promise<VariantPlace> {
    if (variant === baseVariant) throw new AppError('invalid_variant', { message: `'${baseVariant}' is the variant that every sync has` });
    const { integrationId, connectionId } = await this.targets.requireIntegration(environmentId, place.provider_config_key, place.connection_id);
    return { environmentId, integrationId, connectionId: connectionId ?? 0 }; // a named connection was required
  }
}

function unknownSync(name: string): AppError {
  return new AppError('unknown_sync', { message: `The connection has no sync '${name}'` });
}
