import type { Priority } from 'model';

const callsPerStep = 20;
const msPerStep = 500;
const most = 16;

/**
 * How many calls nobody waits for may be under way to an API whose limits are not known: one, and one more for every 20 answers
 * or half a second. A limit that only refusals tell of is then met with few calls, each of which would be refused.
 */
export class SlowStart {
  private answers = 0;
  private begunAt: number | undefined;

  /** `underWay` counts all calls. What somebody waits for always goes. */
  lets(priority: Priority, underWay: number, now: number): boolean {
    if (priority === 'interactive' || priority === 'webhook') return true;
    this.begunAt ??= now;
    const allowed = 1 + Math.floor(this.answers / callsPerStep + (now - this.begunAt) / msPerStep);
    return allowed > most || underWay < allowed;
  }

  answered(): void {
    this.answers++;
  }
}
