import { Inject, Injectable } from '@nestjs/common';
import { listen, type Pool, POOL, type Subscription } from 'database';
import { channels } from 'model';

@Injectable()
export class ConfigurationRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** Hears of every change by its tag; `onGap` is called whenever some may have been missed. */
  follow(onChange: (tag: string) => void, onGap: () => void): Promise<Subscription> {
    return listen(this.pool, channels.configuration, onChange, { onConnected: onGap });
  }
}
