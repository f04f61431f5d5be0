import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database, Prisma } from 'database';
import type { Metadata } from 'model';
import { announce } from '../access/configuration-changes.repository.js';

/** How metadata is written: whole, or its top-level keys into what is there. */
export type MetadataMode = 'replace' | 'merge';
export type MetadataTarget = { environmentId: number; providerConfigKey: string; connectionIds: string[] };

@Injectable()
export class ConnectionMetadataRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Changes all the named connections or, when one of them is not there, none; answers the missing ones. */
  async write({ environmentId, providerConfigKey, connectionIds }: MetadataTarget, mode: MetadataMode, metadata: Metadata): Promise<{ missing: string[] }> {
    return this.database.$transaction(async (transaction) => {
      const found = await transaction.$queryRaw<{ id: number; connectionId: string }[]>`
        select c.id, c.connection_id as "connectionId" from connection c join integration i on i.id = c.integration_id
        where c.environment_id = ${environmentId} and i.environment_id = ${environmentId} and i.unique_key = ${providerConfigKey}
          and c.connection_id = any(${connectionIds}) and c.deleted_at is null
        order by c.id for update of c`;
      const names = new Set(found.map(({ connectionId }) => connectionId));
      const missing = connectionIds.filter((id) => !names.has(id));
      if (missing.length > 0) return { missing };
      const ids = found.map(({ id }) => id);
      const given = JSON.stringify(metadata);
      const value = mode === 'merge' ? Prisma.sql`metadata || ${given}::jsonb` : Prisma.sql`${given}::jsonb`;
      await transaction.$executeRaw`update connection set metadata = ${value}, updated_at = now() where environment_id = ${environmentId} and id = any(${ids}::int[])`;
      await announce(transaction, 'connection', ids);
      return { missing };
    });
  }
}
