import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { AccountModule } from './account/account.module.js';
import type { Configuration } from './configuration.js';
import { StoreModule } from './store.module.js';

@Module({
  imports: [
    AccessModule,
    AccountModule,
  ],
})
export class AppModule {
  static with(configuration: Configuration): DynamicModule {
    return { module: AppModule, imports: [StoreModule.with(configuration)] };
  }
}
