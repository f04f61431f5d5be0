import { Module } from '@nestjs/common';
import { Vault } from 'credentials';
import { type Pool, POOL, RecordUpkeep } from 'database';
import { RecordUpkeepJob } from './record-upkeep.job.js';

const upkeep = { provide: RecordUpkeep, inject: [POOL, Vault], useFactory: (pool: Pool, vault: Vault) => new RecordUpkeep(pool, vault) };

@Module({ providers: [RecordUpkeepJob, upkeep] })
export class RecordUpkeepModule {}
