import { Inject, Injectable } from '@nestjs/common';
import type { DeliveryAnswer } from 'model';
import { type Logger, LOGGER } from 'service';
import { DeliveryClient } from './delivery.client.js';
import { type DueEvent, OutboxRepository } from './outbox.repository.js';
import { waitAfter } from './retry-schedule.js';
import { signatureHeaders } from './signature.js';

const postponeMs = 5_000;

@Injectable()
export class DeliveryService {
  constructor(
    private readonly outbox: OutboxRepository,
    private readonly client: DeliveryClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One attempt at one webhook, with what comes of it written down. Never throws. */
  async deliver(event: DueEvent): Promise<void> {
    try {
      const secret = await this.outbox.secretOf(event.environmentId);
      if (secret === null) await this.giveUp(event, 'the environment is gone');
      else await this.settle(event, await this.send(event, secret));
    } catch (error) {
      this.logger.error('delivery.postponed', { eventId: event.id, error });
      await this.outbox
        .postponed(event, postponeMs)
        .catch((cause: unknown) => this.logger.error('delivery.left_to_its_lease', { eventId: event.id, error: cause }));
    }
  }

  private async send(event: DueEvent, secret: string): Promise<DeliveryAnswer> {
    const { body, headers } = await this.outbox.contentOf(event);
    const timestamp = Math.floor(Date.now() / 1_000);
    const signature = signatureHeaders(secret, { id: event.id, timestamp, body });
    return this.client.send(event, { 'content-type': 'application/json', ...headers, ...signature }, body);
  }

  private settle(event: DueEvent, { status, error, durationMs }: DeliveryAnswer): Promise<void> {
    const meta = { url: withoutQuery(event.url), status, attempt: event.attempts, durationMs: Math.round(durationMs) };
    if (status !== null && status >= 200 && status < 300)
      return this.outbox.delivered(event, { level: 'info', message: `Webhook delivered (${status})`, meta });
    const reason = status === null ? (error ?? 'no answer') : `the receiver answered ${status}`;
    const waitMs = waitAfter(event.attempts);
    if (waitMs === null) return this.giveUp(event, reason, meta);
    return this.outbox.failed(event, reason, waitMs, { level: 'warn', message: `Webhook not delivered: ${reason}`, meta });
  }

  private giveUp(event: DueEvent, reason: string, meta: Record<string, unknown> = {}): Promise<void> {
    const message = `Webhook given up after ${event.attempts} attempts: ${reason}`;
    return this.outbox.failed(event, reason, null, { level: 'error', message, meta });
  }
}

// A team's own webhook URL may carry a key of theirs.
function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? '';
}
