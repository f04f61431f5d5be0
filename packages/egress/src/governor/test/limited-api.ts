import type { RetryAnswer } from '../../retry.js';

export type ApiOptions = {
  kind: 'bucket' | 'window';
  /** A bucket's rate and size; a window lets `burst` through every `burst / perSecond` seconds. */
  perSecond: number;
  burst: number;
  tells: 'headers' | 'draft' | 'refusals' | 'bare refusals';
  latencyMs?: number;
};

/** An API that lets through only so many calls, and what it has seen. */
export class LimitedApi {
  readonly accepted: number[] = [];
  readonly refused: number[] = [];
  private level: number;
  private at = Date.now();

  constructor(private readonly options: ApiOptions) {
    this.level = options.burst;
  }

  get windowMs(): number {
    return (this.options.burst * 1_000) / this.options.perSecond;
  }

  async call(): Promise<RetryAnswer> {
    const { latencyMs = 30 } = this.options;
    await new Promise((done) => setTimeout(done, latencyMs / 2));
    const answer = this.count();
    await new Promise((done) => setTimeout(done, latencyMs / 2));
    return answer;
  }

  private count(): RetryAnswer {
    const now = Date.now();
    this.fill(now);
    const passes = this.level >= 1;
    if (passes) this.level--;
    (passes ? this.accepted : this.refused).push(now);
    return { status: passes ? 200 : 429, headers: this.headers(passes, now) };
  }

  private fill(now: number): void {
    const { kind, perSecond, burst } = this.options;
    if (kind === 'bucket') {
      this.level = Math.min(burst, this.level + ((now - this.at) * perSecond) / 1_000);
      this.at = now;
    } else if (now - this.at >= this.windowMs) {
      this.level = burst;
      this.at += Math.floor((now - this.at) / this.windowMs) * this.windowMs;
    }
  }

  private headers(passes: boolean, now: number): Record<string, string> {
    const { kind, perSecond, burst, tells } = this.options;
    const untilMs = kind === 'bucket' ? ((burst - this.level) * 1_000) / perSecond : this.at + this.windowMs - now;
    const untilOneMs = kind === 'bucket' ? ((1 - this.level) * 1_000) / perSecond : untilMs;
    const reset = String(Math.ceil(untilMs / 1_000));
    const remaining = String(Math.floor(this.level));
    const retry: Record<string, string> = passes || tells === 'bare refusals' ? {} : { 'retry-after': String(Math.max(1, Math.ceil(untilOneMs / 1_000))) };
    if (tells === 'headers') return { ...retry, 'x-ratelimit-limit': String(burst), 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset };
    const policy = `"default";q=${burst};w=${Math.round(this.windowMs / 1_000)}`;
    if (tells === 'draft') return { ...retry, 'ratelimit-policy': policy, ratelimit: `"default";r=${remaining};t=${reset}` };
    return retry;
  }
}
