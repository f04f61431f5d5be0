import { Module } from '@nestjs/common';
import { Vault } from 'credentials';
import { DELETIONS, DeletionStore, type Pool, POOL, RECORDS, RecordStore } from 'database';
import { DeletionRepository } from './deletion.repository.js';
import { RecordRepository } from './record.repository.js';

const recordStore = { provide: RECORDS, useFactory: (pool: Pool, vault: Vault) => new RecordStore(pool, vault), inject: [POOL, Vault] };
const deletionStore = { provide: DELETIONS, useFactory: (pool: Pool, vault: Vault) => new DeletionStore(pool, vault), inject: [POOL, Vault] };

@Module({ providers: [recordStore, deletionStore, RecordRepository, DeletionRepository], exports: [RecordRepository, DeletionRepository] })
export class RecordStoreModule {}
