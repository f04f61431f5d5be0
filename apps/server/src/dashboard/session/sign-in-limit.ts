const windowMs = 15 * 60_000;
const mostRemembered = 10_000;

/** Counts failed sign-ins of a quarter of an hour, so that passwords cannot be tried out. */
export class SignInLimit {
  private readonly failures = new Map<string, { count: number; until: number }>();

  constructor(private readonly most: number) {}

  /** How long to wait, in milliseconds; 0 while there are tries left. */
  waitMs(who: string, now = Date.now()): number {
    const entry = this.failures.get(who);
    if (!entry || entry.until <= now) return 0;
    return entry.count >= this.most ? entry.until - now : 0;
  }

  failed(who: string, now = Date.now()): void {
    const entry = this.failures.get(who);
    const count = entry && entry.until > now ? entry.count + 1 : 1;
    this.failures.delete(who);
    this.failures.set(who, { count, until: entry && entry.until > now ? entry.until : now + windowMs });
    if (this.failures.size > mostRemembered) this.forgetOldest();
  }

  succeeded(who: string): void {
    this.failures.delete(who);
  }

  private forgetOldest(): void {
    const [oldest] = this.failures.keys();
    if (oldest !== undefined) this.failures.delete(oldest);
  }
}
