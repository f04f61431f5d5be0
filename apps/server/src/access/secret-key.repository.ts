import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';

@Injectable()
export class SecretKeyRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async environmentIdOf(keyHash: Buffer): Promise<number | null> {
    const row = await this.database.environment.findUnique({ where: { secretKeyHash: new Uint8Array(keyHash) }, select: { id: true } });
    return row?.id ?? null;
  }
}
