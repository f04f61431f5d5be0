import type { RetryAnswer, RetryHeader } from '../retry.js';
import type { BudgetRef } from './governor.js';
import type { Reading } from './limit.js';
import { limitReadings } from './limit-headers.js';
import { retryAfterMs } from './limit-values.js';
import type { Refusal } from './refusals.js';

/** What one answer told: nothing of limits, something of them, or that there were too many calls. */
export type Told = 'nothing' | 'limits' | 'refused';

/** What a process has learned of a budget from answers and not told the others yet. */
export class News {
  answered = 0;
  readings = new Map<string, Reading>();
  refusals: Refusal[] = [];
  /** Answers of the current second and of the one before. */
  private second = { start: 0, count: 0, before: 0 };

  take(answer: RetryAnswer, { headers, waits, learns }: BudgetRef, { sentAt, now }: { sentAt: number; now: number }): Told {
    const readings = learns ? limitReadings(answer.headers, headers, now) : [];
    for (const reading of readings) {
      const known = this.readings.get(reading.name);
      if (!known || known.sentAt <= sentAt) this.readings.set(reading.name, { ...reading, sentAt });
    }
    const usedUp = readings.filter(({ remaining }) => remaining < 1);
    if (answer.status === 429 || (answer.status === 403 && usedUp.length > 0)) {
      const waitMs = toldWaitMs(answer, waits, now) ?? untilReset(usedUp, now);
      if (learns) this.refusals.push({ at: now, sentAt, waitMs, explained: usedUp.length > 0, recently: this.lastSecond(now) });
      return learns ? 'refused' : 'nothing';
    }
    this.count(now);
    return readings.length > 0 ? 'limits' : 'nothing';
  }

  /** Hands over what there is. */
  handOver(): { answered: number; readings: Reading[]; refusals: Refusal[] } {
    const told = { answered: this.answered, readings: [...this.readings.values()], refusals: this.refusals };
    this.answered = 0;
    this.refusals = [];
    this.readings = new Map();
    return told;
  }

  private count(now: number): void {
    this.answered++;
    const { second } = this;
    if (now - second.start >= 1_000) this.second = { start: now, count: 1, before: now - second.start < 2_000 ? second.count : 0 };
    else second.count++;
  }

  private lastSecond(now: number): number {
    const { start, count, before } = this.second;
    const part = Math.min(1, (now - start) / 1_000);
    return part >= 1 ? count : count + before * (1 - part);
  }
}

/** What the provider's own headers say goes before Retry-After; of several the longest. */
function toldWaitMs({ headers }: RetryAnswer, waits: RetryHeader | undefined, now: number): number | null {
  const own = [waits?.at ?? [], waits?.after ?? []].flat().flatMap((name) => retryAfterMs(headers[name.toLowerCase()], now) ?? []);
  return own.length > 0 ? Math.max(...own) : (retryAfterMs(headers['retry-after'], now) ?? null);
}

function untilReset(usedUp: readonly { resetsAt: number | null }[], now: number): number | null {
  const moments = usedUp.flatMap(({ resetsAt }) => resetsAt ?? []);
  return moments.length > 0 ? Math.max(0, Math.max(...moments) - now) : null;
}
