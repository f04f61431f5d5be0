import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { listen, type Pool, POOL, type Subscription } from 'database';
import { channels } from 'model';
import { ConfigurationCache } from './configuration-cache.js';

/** Keeps every cache of the process in step with what other processes change. */
@Injectable()
export class ConfigurationListener implements OnModuleInit, OnApplicationShutdown {
  private readonly caches: ConfigurationCache<unknown>[] = [];
  private subscription: Subscription | undefined;

  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** A cache that forgets what the `configuration` channel names. */
  cache<T>(tagsOf: (value: T) => readonly string[]): ConfigurationCache<T> {
    // Notifications do the work; the time bounds what a lost one can do.
    const cache = new ConfigurationCache<T>({ limit: 20_000, trustedForMs: 60_000, tagsOf });
    this.caches.push(cache as ConfigurationCache<unknown>); // only ever asked to drop
    return cache;
  }

  async onModuleInit(): Promise<void> {
    this.subscription = await listen(this.pool, channels.configuration, (tag) => this.drop(tag), { onConnected: () => this.drop() });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
  }

  private drop(tag?: string): void {
    for (const cache of this.caches) cache.drop(tag);
  }
}
