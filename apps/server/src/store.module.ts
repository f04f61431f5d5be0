import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { keyringFrom, Vault } from 'credentials';
import { DATABASE, type Database, openDatabase, openPool, POOL, type Pool } from 'database';
import { CONFIGURATION, type Configuration } from './configuration.js';

/** What every repository may ask for: the configuration, the two ways to Postgres, the vault. */
@Global()
@Module({})
export class StoreModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  static with(configuration: Configuration): DynamicModule {
    return {
      module: StoreModule,
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: DATABASE, useFactory: () => openDatabase(configuration.databaseUrl) },
        { provide: POOL, useFactory: () => openPool(configuration.databaseUrl) },
        { provide: Vault, useFactory: (pool: Pool) => new Vault(pool, keyringFrom(configuration.encryptionKey)), inject: [POOL] },
      ],
      exports: [CONFIGURATION, DATABASE, POOL, Vault],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.vault.check();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.$disconnect();
    await this.pool.end();
  }
}
