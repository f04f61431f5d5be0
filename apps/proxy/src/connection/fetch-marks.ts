import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { ConnectionRepository, type Fetched } from './connection.repository.js';

const writeEveryMs = 1_000;
/** How exact `last_fetched_at` is in the database. */
const keptForMs = 60_000;

/** Writes down when connections were last read, behind the answer: at most once a minute for each, many in one statement. */
@Injectable()
export class FetchMarks implements OnApplicationShutdown {
  private readonly markedAt = new Map<number, number>();
  private waiting: Fetched[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: ConnectionRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Marks a connection as read now. */
  add({ environmentId, id }: { environmentId: number; id: number }): Date {
    const at = new Date();
    if ((this.markedAt.get(id) ?? 0) + keptForMs > at.getTime()) return at;
    this.markedAt.set(id, at.getTime());
    this.waiting.push({ environmentId, id, at });
    this.timer ??= setTimeout(() => void this.write(), writeEveryMs);
    return at;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.write();
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { waiting } = this;
    this.waiting = [];
    const old = Date.now() - keptForMs;
    for (const [id, at] of this.markedAt) if (at < old) this.markedAt.delete(id);
    if (waiting.length === 0) return;
    await this.repository.markFetched(waiting).catch((error: unknown) => this.logger.warn('connection.fetch_marks_lost', { error }));
  }
}
