import { Inject, Injectable } from '@nestjs/common';
import { Vault } from 'credentials';
import { POOL, type Pool, RecordUpkeep } from 'database';

@Injectable()
export class RecordUpkeepRepository extends RecordUpkeep {
  constructor(@Inject(POOL) pool: Pool, vault: Vault) {
    super(pool, vault);
  }
}
