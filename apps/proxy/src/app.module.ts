import { type DynamicModule, Module } from '@nestjs/common';
import { CredentialStore, Vault } from 'credentials';
import { type Pool, POOL } from 'database';
import { EgressGuard, openGovernor } from 'egress';
import { ExecutionStore, IntentStore } from 'journal/postgres';
import { findProvider } from 'providers';
import { INTERNAL_KEY } from 'service';
import { AccessService } from './access/access.service.js';
import { EnvironmentKeyRepository } from './access/environment-key.repository.js';
import { CallService } from './call/call.service.js';
import { ConfigurationListener } from './configuration/configuration-listener.js';
import { ConnectionController } from './connection/connection.controller.js';
import { ConnectionRepository } from './connection/connection.repository.js';
import { ConnectionService } from './connection/connection.service.js';
import { ConnectionViewService } from './connection/connection-view.service.js';
import { RefreshRecovery } from './credential/refresh-recovery.js';
import { standardTokenBody } from './credential/token-body.js';
import { tokenRequest } from './credential/token-request.js';
import { DeliveryController } from './delivery/delivery.controller.js';
import { DeliveryService } from './delivery/delivery.service.js';
import { ProxyService } from './proxy/proxy.service.js';
import { Resources } from './resources.js';
import { ScriptCallController } from './script-call/script-call.controller.js';
import { ScriptCallService } from './script-call/script-call.service.js';
import { GOVERNOR } from './tokens.js';

/** What the process has opened before its modules are made. */
export type ProxyResources = { pool: Pool; vault: Vault; guard: EgressGuard; internalKey: string };

const refreshOptions = { bufferSeconds: (name: string) => findProvider(name)?.token_expiration_buffer, readBody: standardTokenBody };

@Module({})
export class AppModule {
  static with({ pool, vault, guard, internalKey }: ProxyResources): DynamicModule {
    return {
      module: AppModule,
      controllers: [ScriptCallController, ConnectionController, DeliveryController],
      providers: [
        { provide: POOL, useValue: pool },
        { provide: INTERNAL_KEY, useValue: internalKey },
        { provide: Vault, useValue: vault },
        { provide: EgressGuard, useValue: guard },
        { provide: GOVERNOR, useValue: openGovernor },
        { provide: CredentialStore, useFactory: () => new CredentialStore(pool, vault, tokenRequest(guard), refreshOptions) },
        { provide: ExecutionStore, useFactory: () => new ExecutionStore(pool, vault) },
        { provide: IntentStore, useFactory: () => new IntentStore(pool) },
        ConfigurationListener,
        EnvironmentKeyRepository,
        AccessService,
        ConnectionRepository,
        ConnectionService,
        ConnectionViewService,
        CallService,
        ProxyService,
        ScriptCallService,
        DeliveryService,
        RefreshRecovery,
        Resources,
      ],
    };
  }
}
