import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ConfigurationCache } from './configuration-cache.js';
import { ConfigurationRepository } from './configuration.repository.js';

/** Keeps every cache of the process in step with what other processes change. */
@Injectable()
export class ConfigurationListener implements OnModuleInit, OnApplicationShutdown {
  private readonly caches: ConfigurationCache<unknown>[] = [];
  private close: (() => Promise<void>) | undefined;

  constructor(private readonly configuration: ConfigurationRepository) {}

  /** A cache that forgets what the `configuration` channel names. */
  cache<T>(tagsOf: (value: T) => readonly string[]): ConfigurationCache<T> {
    // Notifications do the work; the time bounds what a lost one can do.
    const cache = new ConfigurationCache<T>({ limit: 20_000, trustedForMs: 60_000, tagsOf });
    this.caches.push(cache as ConfigurationCache<unknown>); // only ever asked to drop
    return cache;
  }

  async onModuleInit(): Promise<void> {
    const drop = (tag?: string): void => this.caches.forEach((cache) => cache.drop(tag));
    const subscription = await this.configuration.follow(drop, () => drop());
    this.close = () => subscription.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close?.();
  }
}
