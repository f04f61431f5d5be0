import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { listen, POOL, type Pool, type Subscription, type Transaction } from 'database';
import { channels } from 'model';

type Kind = 'environment' | 'integration' | 'connection';
/** Null means that changes may have been missed: anything may be different. */
type Handler = (id: number | null) => void;

/** Tells whoever caches configuration that some process changed it. */
@Injectable()
export class ConfigurationChanges implements OnModuleInit, OnApplicationShutdown {
  private readonly handlers: { kind: Kind; handle: Handler }[] = [];
  private subscription: Subscription | undefined;

  constructor(@Inject(POOL) private readonly pool: Pool) {}

  on(kind: Kind, handle: Handler): void {
    this.handlers.push({ kind, handle });
  }

  async onModuleInit(): Promise<void> {
    this.subscription = await listen(this.pool, channels.configuration, (payload) => this.tell(payload), { onConnected: () => this.tellAll() });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
  }

  private tellAll(): void {
    for (const handler of this.handlers) handler.handle(null);
  }

  private tell(payload: string): void {
    const [kind, id] = payload.split(':');
    for (const handler of this.handlers) if (handler.kind === kind) handler.handle(Number(id));
  }
}

/** Tells every process, when the transaction commits, that these rows of configuration changed. */
export async function announce(transaction: Transaction, kind: Kind, ids: readonly number[]): Promise<void> {
  await transaction.$executeRaw`select pg_notify(${channels.configuration}, ${kind} || ':' || id) from unnest(${[...ids]}::int[]) as id`;
}
