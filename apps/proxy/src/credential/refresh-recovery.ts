import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CredentialStore } from 'credentials';
import { type Logger, LOGGER } from 'service';

const everyMs = 60_000;

/** Finishes refreshes whose process died half-way: at the start, and once a minute. */
@Injectable()
export class RefreshRecovery implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly credentials: CredentialStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const look = (): void => void (this.running = this.running.then(() => this.recover()));
    this.timer = setInterval(look, everyMs).unref();
    look();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async recover(): Promise<void> {
    try {
      const count = await this.credentials.recover();
      if (count > 0) this.logger.info('refresh.recovered', { count });
    } catch (error) {
      this.logger.warn('refresh.recovery_failed', { error });
    }
  }
}
