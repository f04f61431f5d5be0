import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { listen, POOL, type Pool } from 'database';
import { channels } from 'model';

type Kind = 'environment' | 'integration' | 'connection';
type Handler = (id: number) => void;

/** Tells whoever caches configuration that another process changed it. */
@Injectable()
export class ConfigurationChanges implements OnModuleInit, OnApplicationShutdown {
  private readonly handlers: { kind: Kind; handle: Handler }[] = [];
  private stop: (() => Promise<void>) | undefined;

  constructor(@Inject(POOL) private readonly pool: Pool) {}

  on(kind: Kind, handle: Handler): void {
    this.handlers.push({ kind, handle });
  }

  async onModuleInit(): Promise<void> {
    this.stop = await listen(this.pool, channels.configuration, (payload) => this.tell(payload));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop?.();
  }

  private tell(payload: string): void {
    const [kind, id] = payload.split(':');
    for (const handler of this.handlers) if (handler.kind === kind) handler.handle(Number(id));
  }
}
