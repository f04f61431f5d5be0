import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from '@temporalio/client';
import { openTemporalClient } from 'service/temporal-client';
import { CONFIGURATION, type Configuration } from '../configuration.js';

/** Provides Temporal's {@link Client}. It connects on first use, and again by itself. */
@Global()
@Module({ providers: [{ provide: Client, inject: [CONFIGURATION], useFactory: openClient }], exports: [Client] })
export class TemporalModule implements OnApplicationShutdown {
  constructor(@Inject(Client) private readonly client: Client) {}

  async onApplicationShutdown(): Promise<void> {
    await this.client.connection.close();
  }
}

function openClient({ TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE }: Configuration): Client {
  return openTemporalClient({ address: TEMPORAL_ADDRESS, namespace: TEMPORAL_NAMESPACE });
}
