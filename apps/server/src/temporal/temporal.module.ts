import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from '@temporalio/client';
import { openTemporalClient } from 'service/temporal-client';
import { CONFIGURATION, type Configuration } from '../configuration.js';

// Connects on first use and again whenever Temporal is back: the server starts, and answers everything else, without it.
const temporalClient = {
  provide: Client,
  useFactory: ({ temporal }: Configuration) => openTemporalClient(temporal),
  inject: [CONFIGURATION],
};

@Module({ providers: [temporalClient], exports: [Client] })
export class TemporalModule implements OnApplicationShutdown {
  constructor(@Inject(Client) private readonly client: Client) {}

  async onApplicationShutdown(): Promise<void> {
    await this.client.connection.close();
  }
}
