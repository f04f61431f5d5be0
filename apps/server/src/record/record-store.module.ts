import { Module } from '@nestjs/common';
import { Vault } from 'credentials';
import { type Pool, POOL, RECORDS, RecordStore } from 'database';
import { RecordRepository } from './record.repository.js';

const recordStore = { provide: RECORDS, useFactory: (pool: Pool, vault: Vault) => new RecordStore(pool, vault), inject: [POOL, Vault] };

@Module({ providers: [recordStore, RecordRepository], exports: [RecordRepository] })
export class RecordStoreModule {}
