import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { AccountModule } from './account/account.module.js';
import { ActionModule } from './action/action.module.js';
import type { Configuration } from './configuration.js';
import { DeployModule } from './deploy/deploy.module.js';
import { GeneratedEndpointModule } from './generated-endpoint/generated-endpoint.module.js';
import { RecordModule } from './record/record.module.js';
import { ScriptModule } from './script/script.module.js';
import { StoreModule } from './store.module.js';
import { SyncModule } from './sync/sync.module.js';

@Module({
  imports: [
    AccessModule,
    AccountModule,
    ActionModule,
    DeployModule,
    GeneratedEndpointModule,
    RecordModule,
    ScriptModule,
    SyncModule,
  ],
})
export class AppModule {
  static with(configuration: Configuration): DynamicModule {
    return { module: AppModule, imports: [StoreModule.with(configuration)] };
  }
}
