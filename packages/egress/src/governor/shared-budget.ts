import { type BudgetState, type Demand, priorities, type Priority } from 'model';
import type { RetryAnswer } from '../retry.js';
import { emptyBudget, exchange, type Exchanged, type ExchangeRequest, leaseMs } from './exchange.js';
import type { Admission, BudgetRef, BudgetStore, Place } from './governor.js';
import { News } from './news.js';
import { RecentCalls } from './recent-calls.js';
import { SlowStart } from './slow-start.js';
import { WaitingLine } from './waiting-line.js';

/** Places are kept ready for the calls of a quarter of a second, as many as there were lately. */
const aheadMs = 250;
/** What was learned is told to others after this, if nothing else asks for it sooner. */
const tellMs = 250;
/** Within this a place that was not used is somebody else's. */
const givenBackMs = 50;
const restMs = { least: 2, most: 500 };
/** Calls sent longer ago than this have been counted by their API, whether it has answered or not. */
const countedMs = 1_000;
/** Places kept ready come after everybody's. */
const lastTurnMs = 3_600_000;

const rank = (priority: Priority): number => priorities.indexOf(priority);

/** One process's part in a budget: the places it holds, and those who wait for some. */
export class SharedBudget {
  private readonly line = new WaitingLine();
  private readonly recent = new RecentCalls();
  private readonly slowStart = new SlowStart();
  private readonly news = new News();
  private held = { count: 0, until: 0, forRank: 0 };
  private limited: boolean;
  /** The first calls of a process wait for what others have found out. */
  private lookingUp: Promise<void> | undefined;
  private underWay = 0;
  /** Places granted to those who had gone by then. */
  private unclaimed = 0;
  private wanted = 0;
  private timer: { handle: NodeJS.Timeout; at: number } | undefined;
  private exchanging = false;
  private again = false;
  private last: BudgetState = emptyBudget;
  private clockOffset = 0;

  constructor(
    private ref: BudgetRef,
    private readonly store: BudgetStore,
    private readonly process: string,
  ) {
    this.limited = ref.stated.length > 0;
    if (!this.limited) this.lookingUp = this.lookUp();
  }

  get isIdle(): boolean {
    return this.underWay === 0 && this.line.length === 0 && this.held.count === 0 && !this.exchanging && !this.lookingUp;
  }

  admit(ref: BudgetRef, admission: Admission): Place | Promise<Place> {
    if (ref !== this.ref) this.follow(ref);
    if (this.lookingUp) return this.lookingUp.then(() => this.admit(ref, admission));
    const now = this.now();
    if (this.line.isBefore(admission.priority, this.cameAt(admission, now)) || !this.mayEnter(admission.priority, now)) return this.wait(admission, now);
    this.enter(admission.priority, now);
    if (this.limited && this.held.count < this.wanted / 2) this.exchangeSoon();
    return this.place(now);
  }

  /** Looks at the shared budget anew: somebody has found something out. */
  look(): void {
    this.limited = true;
    this.exchangeSoon();
  }

  close(): void {
    clearTimeout(this.timer?.handle);
  }

  private follow(ref: BudgetRef): void {
    const changed = JSON.stringify(ref.stated) !== JSON.stringify(this.ref.stated);
    this.ref = ref;
    if (!changed) return;
    this.limited ||= ref.stated.length > 0;
    this.exchangeSoon();
  }

  private async lookUp(): Promise<void> {
    const isKnown = await this.store.isKnown(this.ref).catch(() => false);
    this.lookingUp = undefined;
    if (isKnown) this.look();
  }

  private mayEnter(priority: Priority, now: number): boolean {
    if (!this.limited) return this.slowStart.lets(priority, this.underWay, now);
    return this.held.count >= 1 && now < this.held.until && rank(priority) <= this.held.forRank;
  }

  private enter(priority: Priority, now: number): void {
    if (this.limited) this.held.count--;
    this.begin(priority, now);
  }

  private begin(priority: Priority, now: number): void {
    this.underWay++;
    // Forgotten at each exchange, of which a budget that bounds nothing has none.
    if (this.limited) this.recent.add(priority, now);
  }

  private place(sentAt: number): Place {
    const counted = this.limited;
    return {
      answered: (answer) => this.answered(answer, sentAt),
      failed: () => this.ended(this.now()),
      unused: () => this.unused(sentAt, counted),
    };
  }

  /** The process's own clock told when the call came; all others here are the store's. */
  private cameAt({ since }: Admission, now: number): number {
    return since === undefined ? now : Math.min(now, since + this.clockOffset);
  }

  /** What is given back at once, others get. Later the bucket has filled up beside it, and it counts as sent. */
  private unused(grantedAt: number, counted: boolean): void {
    const now = this.now();
    if (counted && now - grantedAt < givenBackMs) this.unclaimed++;
    this.ended(now);
    if (this.limited) this.exchangeSoon();
  }

  private async wait(admission: Admission, now: number): Promise<Place> {
    const waiting = this.line.wait(admission, now, this.cameAt(admission, now));
    if (this.limited) this.exchangeSoon();
    else this.exchangeBy(now + restMs.most);
    await waiting;
    return this.place(this.now());
  }

  private answered(answer: RetryAnswer, sentAt: number): void {
    const now = this.now();
    const told = this.news.take(answer, this.ref, { sentAt, now });
    if (told !== 'refused') this.slowStart.answered();
    const wasLimited = this.limited;
    if (told !== 'nothing') this.limited = true;
    this.ended(now);
    if (told === 'refused') this.held.count = 0;
    if (told === 'refused' || this.limited !== wasLimited) this.exchangeSoon();
    else if (this.limited) this.exchangeBy(now + tellMs);
  }

  private ended(now: number): void {
    this.underWay--;
    if (!this.limited) this.letInUnlimited(now);
  }

  private letInUnlimited(now: number): void {
    this.line.admitWhile(
      (priority) => this.slowStart.lets(priority, this.underWay, now),
      (priority) => this.begin(priority, now),
    );
    if (this.line.length > 0) this.exchangeBy(now + restMs.most);
  }

  private exchangeSoon(): void {
    if (this.exchanging) this.again = true;
    else void this.exchange();
  }

  private exchangeBy(at: number): void {
    if (this.exchanging || (this.timer && this.timer.at <= at)) return;
    clearTimeout(this.timer?.handle);
    this.timer = { at, handle: setTimeout(() => this.exchangeSoon(), Math.max(0, at - this.now())).unref() };
  }

  private async exchange(): Promise<void> {
    this.exchanging = true;
    clearTimeout(this.timer?.handle);
    this.timer = undefined;
    let restsMs: number | null = null;
    try {
      do {
        this.again = false;
        restsMs = this.limited || !this.line.length ? await this.once() : this.onlySlowStart();
      } while (this.again);
    } finally {
      this.exchanging = false;
    }
    if (restsMs !== null) this.exchangeBy(this.now() + restsMs);
  }

  /** Nothing to share yet: those who wait only wait for the first answers. */
  private onlySlowStart(): number {
    this.letInUnlimited(this.now());
    return restMs.most;
  }

  /** One turn at the shared budget; answers after how long there should be another one, if any. */
  private async once(): Promise<number | null> {
    const begun = this.now();
    const request = this.request(begun);
    const result = await this.change(request);
    this.limited = result.limited;
    this.held.until = begun + leaseMs;
    this.take(request, result);
    const now = this.now();
    if (!this.limited) this.letInUnlimited(now);
    this.line.sendAway(result, now);
    if (this.line.length > 0) return Math.min(restMs.most, Math.max(restMs.least, result.waitMs));
    return this.held.count + this.unclaimed > 0 ? leaseMs / 2 : null;
  }

  private request(now: number): ExchangeRequest {
    if (now >= this.held.until) this.held.count = 0;
    this.recent.forget(now);
    this.wanted = Math.floor((this.recent.since(now - 1_000) * aheadMs) / 1_000);
    const kept = Math.min(this.held.count, this.wanted);
    const returned = this.held.count - kept + this.unclaimed;
    this.held.count = kept;
    this.unclaimed = 0;
    const told = this.news.handOver();
    const readings = told.readings.map((reading) => ({ ...reading, pending: this.recent.since(reading.sentAt) + kept }));
    const count = this.wanted - kept;
    const ahead: Demand | null = count > 0 ? { priority: this.recent.lowest(now), count, turn: now + lastTurnMs } : null;
    const underWay = Math.min(this.underWay, this.recent.since(now - countedMs));
    return { ...told, readings, process: this.process, stated: this.ref.stated, returned, held: kept, underWay, demands: this.line.demands(), ahead };
  }

  /** Without the store the process goes on with what it last knew, as if it were alone. */
  private async change(request: ExchangeRequest): Promise<Exchanged> {
    try {
      return await this.store.change(this.ref, (state, now) => {
        this.clockOffset = now - Date.now();
        return this.changed(state, request, now);
      });
    } catch {
      return this.changed(this.last, request, this.now()).result;
    }
  }

  private changed(before: BudgetState, request: ExchangeRequest, now: number): { state: BudgetState; result: Exchanged; urgent: boolean } {
    const { state, result } = exchange(before, request, now);
    this.last = state;
    return { state, result, urgent: result.urgent };
  }

  private take({ demands, ahead }: ExchangeRequest, result: Exchanged): void {
    const now = this.now();
    this.unclaimed += this.line.admit(demands, result.granted, (priority) => this.begin(priority, now));
    if (!ahead || result.ahead === 0) return;
    this.held.forRank = this.held.count > 0 ? Math.min(this.held.forRank, rank(ahead.priority)) : rank(ahead.priority);
    this.held.count += result.ahead;
  }

  private now(): number {
    return Date.now() + this.clockOffset;
  }
}
