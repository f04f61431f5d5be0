import { Module } from '@nestjs/common';
import { Vault } from 'credentials';
import { POOL, type Pool, RECORDS, RecordStore } from 'database';

@Module({
  providers: [{ provide: RECORDS, useFactory: (pool: Pool, vault: Vault) => new RecordStore(pool, vault), inject: [POOL, Vault] }],
  exports: [RECORDS],
})
export class RecordStoreModule {}
