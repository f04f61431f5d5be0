import { AppError } from 'model';

/** An action that takes longer has begun, or waits for a runner: its place is for the next one. What scripts may take is the runner's business. */
const holdMs = 75;

/** So long after its last action an environment still counts among those that share the places. */
const activeMs = 1_000;

/** Beside somebody who asks for little, or did so lately, a flood may start something for so long, and again so long after that began. */
const floodTurn = { forMs: 20, everyMs: 180, latelyMs: 50 };

/** As long as one that has been started waits for a runner. */
const patienceMs = 30_000;

type Environment = { inside: number; waiting: (() => void)[]; seenAt: number };

/**
 * Lets so many actions in at a time, environments in turn and with equal parts of the places: behind it all of them wait for the same
 * processors in the order they came in, so that one action would wait for somebody else's flood. Equal parts still slow down who asks
 * for one action after the other, so a flood also gives way to them for most of the time (docs/decisions/034).
 */
export class ActionAdmission {
  /** Those of late, in turn: who is admitted comes last, and newcomers behind those that are there. */
  readonly #environments = new Map<number, Environment>();
  #inside = 0;
  #floodTurnAt = -Infinity;
  #nextLook: NodeJS.Timeout | undefined;

  constructor(private readonly places: number) {}

  /**
   * @param gone aborts when nobody waits for the action any more
   * @returns what to call when the action is over; its place is free then at the latest
   * @throws AppError `runner_unavailable` when its turn did not come in time
   */
  async enter(environmentId: number, gone?: AbortSignal): Promise<() => void> {
    const environment = this.#environmentOf(environmentId);
    const turn = this.#turnOf(environment, gone);
    this.#admit();
    await turn;
    return this.#leaving(environment);
  }

  #environmentOf(id: number): Environment {
    const environment = this.#environments.get(id) ?? { inside: 0, waiting: [], seenAt: 0 };
    environment.seenAt = performance.now();
    this.#environments.set(id, environment);
    return environment;
  }

  #turnOf({ waiting }: Environment, gone?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const admitted = (): void => {
        end();
        resolve();
      };
      const giveUp = (): void => {
        end();
        waiting.splice(waiting.indexOf(admitted), 1);
        reject(tooBusy());
      };
      const patience = setTimeout(giveUp, patienceMs);
      const end = (): void => {
        clearTimeout(patience);
        gone?.removeEventListener('abort', giveUp);
      };
      gone?.addEventListener('abort', giveUp);
      waiting.push(admitted);
      if (gone?.aborted) giveUp();
    });
  }

  #leaving(environment: Environment): () => void {
    const leave = (): void => {
      environment.seenAt = performance.now();
      if (hold === undefined) return;
      clearTimeout(hold);
      hold = undefined;
      this.#inside -= 1;
      environment.inside -= 1;
      this.#admit();
    };
    let hold: NodeJS.Timeout | undefined = setTimeout(leave, holdMs);
    return leave;
  }

  /** Whoever's turn it is, as long as there is room. */
  #admit(): void {
    this.#forgetIdle();
    for (let next = this.#next(); next; next = this.#next()) {
      const [id, environment] = next;
      this.#environments.delete(id);
      this.#environments.set(id, environment);
      this.#inside += 1;
      environment.inside += 1;
      environment.waiting.shift()?.();
    }
  }

  /** Half of the places are for anybody; a part of the others is kept for each, so that who comes now and then need not wait. */
  #next(): [number, Environment] | undefined {
    if (this.#inside >= this.places) return undefined;
    const present = [...this.#environments].filter(([, environment]) => !this.#givesWay(environment));
    const each = this.#inside < this.#half ? this.places : Math.max(1, Math.floor(this.places / present.length));
    const found = present.find(([, { inside, waiting }]) => waiting.length > 0 && inside < each);
    if (!found && present.length < this.#environments.size) this.#lookAgain();
    return found;
  }

  /** A flood: it could fill all places once more. */
  #givesWay(environment: Environment): boolean {
    const isFlood = environment.waiting.length > this.places;
    return isFlood && [...this.#environments.values()].some((other) => this.#asksForLittle(other)) && !this.#isFloodTurn();
  }

  #asksForLittle({ inside, waiting, seenAt }: Environment): boolean {
    const asked = inside + waiting.length;
    return asked <= Math.max(1, this.#half) && (asked > 0 || seenAt > performance.now() - floodTurn.latelyMs);
  }

  #isFloodTurn(): boolean {
    const now = performance.now();
    if (now - this.#floodTurnAt >= floodTurn.everyMs) this.#floodTurnAt = now;
    return now - this.#floodTurnAt < floodTurn.forMs;
  }

  /** When it is the flood's turn, or those it gives way to may have stopped asking. */
  #lookAgain(): void {
    if (this.#nextLook !== undefined) return;
    const ms = Math.min(floodTurn.latelyMs, this.#floodTurnAt + floodTurn.everyMs - performance.now());
    this.#nextLook = setTimeout(() => {
      this.#nextLook = undefined;
      this.#admit();
    }, ms);
  }

  get #half(): number {
    return Math.floor(this.places / 2);
  }

  #forgetIdle(): void {
    const before = performance.now() - activeMs;
    for (const [id, { inside, waiting, seenAt }] of this.#environments) {
      if (inside === 0 && waiting.length === 0 && seenAt < before) this.#environments.delete(id);
    }
  }
}

function tooBusy(): AppError {
  return new AppError('runner_unavailable', { message: `The platform was too busy for ${patienceMs / 1_000} seconds; this request has started nothing` });
}
