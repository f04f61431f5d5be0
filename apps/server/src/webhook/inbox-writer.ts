import { Injectable } from '@nestjs/common';
import { AppError } from 'model';
import { InboxRepository, type NewWebhook } from './inbox.repository.js';

const batchSize = 200;
const atOnce = 2;
/** What waits longer than these take to write is better sent again by the provider. */
const mostWaiting = 1_000;
const mostBytesWaiting = 100_000_000;

type Waiting = { webhook: NewWebhook; bytes: number; settle: PromiseWithResolvers<void>[] };

/** Writes webhooks to the inbox, those that arrive together in one statement. */
@Injectable()
export class InboxWriter {
  // By key: a repeat that arrives beside its original shares its fate.
  readonly #waiting = new Map<string, Waiting>();
  #bytes = 0;
  #writing = 0;

  constructor(private readonly inbox: InboxRepository) {}

  /** Resolves when the webhook is committed, or was before. @throws AppError `service_unavailable` when too many wait */
  add(webhook: NewWebhook): Promise<void> {
    const settle = Promise.withResolvers<void>();
    const id = `${webhook.integrationId}/${webhook.key}`;
    const known = this.#waiting.get(id);
    if (known) {
      known.settle.push(settle);
      return settle.promise;
    }
    if (this.#waiting.size >= mostWaiting || this.#bytes >= mostBytesWaiting)
      throw new AppError('service_unavailable', { message: 'More webhooks arrive than can be kept; send this one again' });
    const bytes = webhook.content.raw.length;
    this.#waiting.set(id, { webhook, bytes, settle: [settle] });
    this.#bytes += bytes;
    // What arrives in the same round of the event loop is written together.
    if (this.#writing < atOnce) setImmediate(() => void this.#write());
    return settle.promise;
  }

  async #write(): Promise<void> {
    if (this.#writing >= atOnce || this.#waiting.size === 0) return;
    this.#writing += 1;
    const batch = this.#take();
    const settles = batch.flatMap(({ settle }) => settle);
    try {
      await this.inbox.add(await Promise.all(batch.map(({ webhook }) => this.inbox.seal(webhook))));
      for (const { resolve } of settles) resolve();
    } catch (error) {
      const unavailable = new AppError('service_unavailable', { message: 'The webhook could not be kept; send it again', cause: error });
      for (const { reject } of settles) reject(unavailable);
    }
    this.#writing -= 1;
    void this.#write();
  }

  #take(): Waiting[] {
    const batch: Waiting[] = [];
    for (const [id, waiting] of this.#waiting) {
      if (batch.length === batchSize) break;
      batch.push(waiting);
      this.#waiting.delete(id);
      this.#bytes -= waiting.bytes;
    }
    return batch;
  }
}
