import { priorities, type Priority } from 'model';

const rememberedMs = 2_000;

/** When the calls of the last moments went out, and of which priorities they were. */
export class RecentCalls {
  private sent: number[] = [];
  private readonly seen = new Map<Priority, number>();

  add(priority: Priority, now: number): void {
    this.sent.push(now);
    this.seen.set(priority, now);
  }

  /** How many went out after `moment`, no longer ago than two seconds. */
  since(moment: number): number {
    let count = 0;
    for (let at = this.sent.length - 1; at >= 0 && (this.sent[at] ?? 0) > moment; at--) count++;
    return count;
  }

  /** The lowest priority of the last second. */
  lowest(now: number): Priority {
    return priorities.findLast((priority) => (this.seen.get(priority) ?? 0) > now - 1_000) ?? 'interactive';
  }

  forget(now: number): void {
    const first = this.sent.findIndex((moment) => moment > now - rememberedMs);
    this.sent = first === -1 ? [] : this.sent.slice(first);
  }
}
