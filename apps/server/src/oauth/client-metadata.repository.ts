import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';
import { z } from 'zod';

@Injectable()
export class ClientMetadataRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The name of an integration that everybody may see, and its environment's callback URL. */
  async find(environmentUuid: string, uniqueKey: string): Promise<{ name: string; callbackUrl: string | null } | null> {
    if (!z.uuid().safeParse(environmentUuid).success) return null;
    const row = await this.database.integration.findFirst({
      where: { uniqueKey, environment: { uuid: environmentUuid } },
      select: { displayName: true, uniqueKey: true, environment: { select: { callbackUrl: true } } },
    });
    return row && { name: row.displayName ?? row.uniqueKey, callbackUrl: row.environment.callbackUrl };
  }
}
