/** Who asks for a place: the environment, and whether nobody waits for the answer (anything but an action). */
export type Applicant = { environment: string; isBackground: boolean };

/** How many scripts one environment may run at once, all together and in the background. */
export type QuotaBounds = { perEnvironment: number; backgroundPerEnvironment: number };

/** What came of asking: a place to give back with `leave`, or when to come again. */
export type Admission = { kind: 'admitted'; leave: () => void } | { kind: 'deferred'; afterMs: number };

type Waiting = Applicant & { admit: () => void; giveUp: () => void };
/** Those who wait for a place, in the background or not, as far as they have been sent away: when the next may come, and how often places become free. */
type Line = { lastAppointment: number; lastLeave: number | null; leaveGapMs: number };
type Environment = { all: number; background: number; waiting: Waiting[]; waitedFor: Line; unhurried: Line };

/** Who finds the environment's places taken waits here for a short while, since most scripts are short. */
const patienceMs = 3_000;
const longestLine = 100;
/**
 * Who has to come again gets an appointment of its own, so that hundreds do not come back together, again and again:
 * twice as often as places have become free of late. Nobody comes later than the farthest, since those with earlier
 * appointments may have been cancelled. Actions, whose callers wait, do not stand behind the rest.
 */
const appointments = { firstMs: 1_000, shortestGapMs: 250, longestGapMs: 10_000, farthestMs: 300_000 };
/** From a runner that stops, at once. */
const elsewhere: Admission = { kind: 'deferred', afterMs: 100 };

/** Keeps one environment from taking all places of a runner, however much it asks for. */
export class EnvironmentQuota {
  readonly #environments = new Map<string, Environment>();
  #closed = false;

  constructor(
    private readonly bounds: QuotaBounds,
    /** Told by how much the number of those who wait inside has changed: they hold no place. */
    private readonly onWaiting: (change: 1 | -1) => void = () => undefined,
  ) {}

  async enter(applicant: Applicant): Promise<Admission> {
    if (this.#closed) return elsewhere;
    const environment = this.#environmentOf(applicant.environment);
    if (this.#hasRoom(environment, applicant)) return this.#admit(environment, applicant);
    const isAdmitted = environment.waiting.length < longestLine && (await this.#waitIn(environment, applicant));
    if (isAdmitted) return { kind: 'admitted', leave: this.#leaving(environment, applicant) };
    return this.#closed ? elsewhere : { kind: 'deferred', afterMs: appointment(lineOf(environment, applicant)) };
  }

  /** Admits nobody any more: who waits is better off at another runner. */
  close(): void {
    this.#closed = true;
    for (const { waiting } of this.#environments.values()) while (waiting.length > 0) waiting[0]?.giveUp();
  }

  #environmentOf(name: string): Environment {
    const known = this.#environments.get(name);
    if (known) return known;
    const made: Environment = { all: 0, background: 0, waiting: [], waitedFor: aLine(), unhurried: aLine() };
    this.#environments.set(name, made);
    return made;
  }

  #hasRoom({ all, background }: Environment, { isBackground }: Applicant): boolean {
    return all < this.bounds.perEnvironment && (!isBackground || background < this.bounds.backgroundPerEnvironment);
  }

  #admit(environment: Environment, applicant: Applicant): Admission {
    this.#count(environment, applicant, 1);
    return { kind: 'admitted', leave: this.#leaving(environment, applicant) };
  }

  #waitIn(environment: Environment, applicant: Applicant): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isAdmitted: boolean): void => {
        clearTimeout(patience);
        environment.waiting.splice(environment.waiting.indexOf(waiting), 1);
        this.onWaiting(-1);
        resolve(isAdmitted);
      };
      const waiting: Waiting = {
        ...applicant,
        admit: () => {
          this.#count(environment, applicant, 1);
          end(true);
        },
        giveUp: () => end(false),
      };
      const patience = setTimeout(waiting.giveUp, patienceMs);
      environment.waiting.push(waiting);
      this.onWaiting(1);
    });
  }

  #leaving(environment: Environment, applicant: Applicant): () => void {
    return () => {
      this.#count(environment, applicant, -1);
      noteLeave(lineOf(environment, applicant));
      this.#next(environment)?.admit();
      // One that is forgotten while it has appointments to give would give them twice.
      if (
        environment.all === 0 &&
        environment.waiting.length === 0 &&
        Math.max(environment.waitedFor.lastAppointment, environment.unhurried.lastAppointment) < Date.now()
      ) {
        this.#environments.delete(applicant.environment);
      }
    };
  }

  /** Actions first, then those who came first. */
  #next(environment: Environment): Waiting | undefined {
    const able = environment.waiting.filter((waiting) => this.#hasRoom(environment, waiting));
    return able.find(({ isBackground }) => !isBackground) ?? able[0];
  }

  #count(environment: Environment, { isBackground }: Applicant, change: 1 | -1): void {
    environment.all += change;
    if (isBackground) environment.background += change;
  }
}

function aLine(): Line {
  return { lastAppointment: 0, lastLeave: null, leaveGapMs: 0 };
}

function lineOf({ waitedFor, unhurried }: Environment, { isBackground }: Applicant): Line {
  return isBackground ? unhurried : waitedFor;
}

function appointment(line: Line): number {
  const { firstMs, shortestGapMs, farthestMs } = appointments;
  const now = Date.now();
  const next = Math.max(now + firstMs, line.lastAppointment + Math.max(shortestGapMs, line.leaveGapMs / 2));
  if (next > now + farthestMs) return farthestMs * (1 - Math.random() / 2);
  line.lastAppointment = next;
  return next - now;
}

/** How long it is between two ends, the latest weighing most; a long time in which nobody ran says nothing. */
function noteLeave(line: Line): void {
  const now = Date.now();
  if (line.lastLeave !== null) line.leaveGapMs += (Math.min(now - line.lastLeave, 2 * appointments.longestGapMs) - line.leaveGapMs) / 4;
  line.lastLeave = now;
}
