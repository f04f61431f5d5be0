import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { Periodic } from '../platform/periodic.js';
import { InboxRepository } from './inbox.repository.js';
import { RoutingRepository } from './routing.repository.js';
import { WebhookRuns } from './webhook-runs.js';

const lookMs = 1_000;
const pruneMs = 10 * 60_000;
const keptDays = 7;
const atOnce = 50;
/** Webhook scripts of one environment that may be open; what is more waits in the inbox, where it costs nobody anything. */
const mostOpenRuns = 500;

/** Empties the inbox as fast as scripts are run. */
@Injectable()
export class WebhookFollower implements OnApplicationBootstrap, OnModuleDestroy {
  #routing: Periodic | undefined;
  #pruning: Periodic | undefined;
  #subscription: { close(): Promise<void> } | undefined;
  #stopped = false;

  constructor(
    private readonly inbox: InboxRepository,
    private readonly routing: RoutingRepository,
    private readonly runs: WebhookRuns,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#routing = new Periodic('webhook.route', lookMs, this.logger, () => this.routeAll());
    this.#pruning = new Periodic('webhook.prune', pruneMs, this.logger, () => this.inbox.prune(keptDays));
    this.#subscription = await this.inbox.follow(() => this.#routing?.now());
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    await this.#subscription?.close();
    await Promise.all([this.#routing?.stop(), this.#pruning?.stop()]);
  }

  private async routeAll(): Promise<void> {
    for (let isMoving = true; isMoving && !this.#stopped;) {
      isMoving = false;
      // By turns, so that a flood of one environment is no wait for the others.
      for (const environmentId of await this.inbox.waitingEnvironments()) isMoving = (await this.routeSome(environmentId)) || isMoving;
    }
  }

  private async routeSome(environmentId: number): Promise<boolean> {
    const room = mostOpenRuns - (await this.inbox.openRuns(environmentId));
    if (room <= 0 || this.#stopped) return false;
    const { webhooks, batches } = await this.routing.route(environmentId, Math.min(room, atOnce));
    // What cannot be started now is found by the sweep over open executions.
    for (const batch of batches) {
      await this.runs.start(batch).catch((error: unknown) => this.logger.error('webhook.start_failed', { batchId: batch.batchId, error }));
    }
    return webhooks > 0;
  }
}
