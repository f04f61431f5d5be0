import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Vault } from 'credentials';
import { DELETIONS, DeletionStore, openPool, POOL, RecordStore, RECORDS, type Pool } from 'database';
import { CallJournal, ExecutionStore, JournalBudget, JournalReader } from 'journal/postgres';
import { INTERNAL_KEY } from 'service';
import { CONFIGURATION, type Configuration } from '../configuration.js';

/** What every module stands on: configuration, the pool, the vault, and the stores made of them. */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  static with(configuration: Configuration): DynamicModule {
    const providers = [
      { provide: CONFIGURATION, useValue: configuration },
      { provide: INTERNAL_KEY, useValue: configuration.NANGO_INTERNAL_KEY },
      { provide: POOL, useFactory: () => openPool(configuration.NANGO_DATABASE_URL, { max: 16 }) },
      { provide: Vault, inject: [POOL], useFactory: (pool: Pool) => Vault.open(pool, configuration) },
      { provide: RECORDS, inject: [POOL, Vault], useFactory: (pool: Pool, vault: Vault) => new RecordStore(pool, vault) },
      { provide: DELETIONS, inject: [POOL, Vault], useFactory: (pool: Pool, vault: Vault) => new DeletionStore(pool, vault) },
      { provide: JournalBudget, inject: [POOL], useFactory: (pool: Pool) => new JournalBudget(pool, configuration.NANGO_JOURNAL_BYTES) },
      {
        provide: CallJournal,
        inject: [POOL, Vault, JournalBudget],
        useFactory: (pool: Pool, vault: Vault, budget: JournalBudget) => new CallJournal(pool, vault, budget),
      },
      { provide: JournalReader, inject: [POOL, Vault], useFactory: (pool: Pool, vault: Vault) => new JournalReader(pool, vault) },
      { provide: ExecutionStore, inject: [POOL, Vault], useFactory: (pool: Pool, vault: Vault) => new ExecutionStore(pool, vault) },
    ];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
