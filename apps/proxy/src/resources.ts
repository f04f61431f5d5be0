import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Pool, POOL } from 'database';
import { EgressGuard } from 'egress';

/** Gives back what the process has opened, after the last request was answered. */
@Injectable()
export class Resources implements OnApplicationShutdown {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly guard: EgressGuard,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.pool.end(), this.guard.close()]);
  }
}
