import { AppError, type Priority } from 'model';
import { turnOf } from './governor/turn.js';

/** Gives a place back. */
export type Release = () => void;

/** Calls at once: to one host and in all, of one environment; how many more may wait for one host, and how long. */
export type SlotOptions = { perHost: number; perEnvironment: number; waitingPerHost: number; longestWaitMs: number };

/** Who asks for a place: where to, how urgently, and since when it waits (by default from now on). */
export type SlotRequest = { environmentId: number; host: string; priority: Priority; since?: number | undefined; signal?: AbortSignal | undefined };

type Waiting = { turn: number; grant: (release: Release) => void; giveUp: (error: Error) => void };
/** `waiting` is in the order of turns. */
type Host = { used: number; waiting: Waiting[] };
type Environment = { used: number; waiting: number; hosts: Map<string, Host> };

const usual: SlotOptions = { perHost: 64, perEnvironment: 256, waitingPerHost: 1_000, longestWaitMs: 30_000 };

/** Places that any host may have, however many the others of its environment hold: so a few slow APIs starve nobody. */
const always = 2;

/**
 * Bounds how many calls are under way: for each environment by itself, to each host by itself. Who finds no place waits in line, in the
 * order of turns that rate budgets have too: a call lets more urgent ones before it for some seconds, and starves for nobody.
 */
export class ConnectionSlots {
  readonly #options: SlotOptions;
  readonly #environments = new Map<number, Environment>();

  constructor(options: Partial<SlotOptions> = {}) {
    this.#options = { ...usual, ...options };
  }

  /**
   * A place, at once or when there is one.
   *
   * @throws AppError `upstream_busy` when too many wait, or none became free in time
   */
  take(request: SlotRequest): Release | Promise<Release> {
    return this.takeNow(request) ?? this.#wait(request);
  }

  /** A place, if there is one at once. */
  takeNow({ environmentId, host }: SlotRequest): Release | undefined {
    const environment = this.#environmentOf(environmentId);
    const line = lineOf(environment, host);
    return line.waiting.length === 0 && this.#hasRoom(environment, line) ? this.#occupy(environmentId, host) : undefined;
  }

  #hasRoom(environment: Environment, line: Host): boolean {
    return line.used < this.#options.perHost && (environment.used < this.#options.perEnvironment || line.used < always);
  }

  #occupy(environmentId: number, host: string): Release {
    const environment = this.#environmentOf(environmentId);
    const line = lineOf(environment, host);
    environment.used++;
    line.used++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      environment.used--;
      line.used--;
      this.#serve(environmentId, environment, host);
    };
  }

  #wait({ environmentId, host, priority, since = Date.now(), signal }: SlotRequest): Promise<Release> {
    if (signal?.aborted) return Promise.reject(gone());
    const environment = this.#environmentOf(environmentId);
    const { waiting } = lineOf(environment, host);
    const turn = turnOf(priority, since);
    this.#makeRoom(host, waiting, turn);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        const at = waiting.indexOf(entry);
        if (at === -1) return;
        waiting.splice(at, 1);
        environment.waiting--;
      };
      const entry: Waiting = {
        turn,
        grant: (release) => (leave(), resolve(release)),
        giveUp: (error) => (leave(), reject(error)),
      };
      const onAbort = (): void => entry.giveUp(gone());
      const timer = setTimeout(() => entry.giveUp(busy(host, this.#options)), this.#options.longestWaitMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      insert(waiting, entry);
      environment.waiting++;
    });
  }

  /** A line that is full turns its last one away for somebody whose turn comes before. @throws AppError `upstream_busy` */
  #makeRoom(host: string, waiting: readonly Waiting[], turn: number): void {
    if (waiting.length < this.#options.waitingPerHost) return;
    const last = waiting.at(-1);
    if (!last || last.turn <= turn) throw busy(host, this.#options);
    last.giveUp(busy(host, this.#options));
  }

  /** Hands free places on, to whoever's turn is first: of the host that has one more, and of those that only the environment's bound kept waiting. */
  #serve(environmentId: number, environment: Environment, host: string): void {
    while (environment.waiting > 0) {
      const next = this.#next(environment);
      if (!next) break;
      next.first.grant(this.#occupy(environmentId, next.host));
    }
    if (lineOf(environment, host).used === 0) environment.hosts.delete(host);
    if (environment.hosts.size === 0) this.#environments.delete(environmentId);
  }

  #next(environment: Environment): { host: string; first: Waiting } | undefined {
    let next: { host: string; first: Waiting } | undefined;
    for (const [host, line] of environment.hosts) {
      const [first] = line.waiting;
      if (first && (!next || first.turn < next.first.turn) && this.#hasRoom(environment, line)) next = { host, first };
    }
    return next;
  }

  #environmentOf(environmentId: number): Environment {
    const known = this.#environments.get(environmentId);
    if (known) return known;
    const made: Environment = { used: 0, waiting: 0, hosts: new Map() };
    this.#environments.set(environmentId, made);
    return made;
  }
}

function insert(waiting: Waiting[], entry: Waiting): void {
  const behind = waiting.findLastIndex(({ turn }) => turn <= entry.turn);
  waiting.splice(behind + 1, 0, entry);
}

function lineOf(environment: Environment, host: string): Host {
  const known = environment.hosts.get(host);
  if (known) return known;
  const made: Host = { used: 0, waiting: [] };
  environment.hosts.set(host, made);
  return made;
}

function busy(host: string, { longestWaitMs }: SlotOptions): AppError {
  return new AppError('upstream_busy', {
    message: `Too many calls of this environment are under way to ${host}`,
    payload: { host, retryAfterSeconds: Math.ceil(longestWaitMs / 1_000) },
  });
}

const gone = (): DOMException => new DOMException('The caller has gone', 'AbortError');
