import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';

@Injectable()
export class PublicKeyRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The environment that a public key names, or null. */
  async environmentOf(publicKey: string): Promise<number | null> {
    const row = await this.database.environment.findUnique({ where: { publicKey }, select: { id: true } });
    return row?.id ?? null;
  }
}
