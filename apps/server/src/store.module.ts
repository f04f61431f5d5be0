import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Vault } from 'credentials';
import { DATABASE, type Database, openDatabase, openPool, POOL, type Pool } from 'database';
import { CONFIGURATION, type Configuration } from './configuration.js';

/** What every repository may ask for: the configuration, the two ways to Postgres, the vault. */
@Global()
@Module({})
export class StoreModule implements OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(POOL) private readonly pool: Pool,
  ) {}

  static with(configuration: Configuration): DynamicModule {
    return {
      module: StoreModule,
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: DATABASE, useFactory: () => openDatabase(configuration.databaseUrl) },
        { provide: POOL, useFactory: () => openPool(configuration.databaseUrl) },
        { provide: Vault, useFactory: (pool: Pool) => Vault.open(pool, configuration.encryption), inject: [POOL] },
      ],
      exports: [CONFIGURATION, DATABASE, POOL, Vault],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.$disconnect();
    await this.pool.end();
  }
}
