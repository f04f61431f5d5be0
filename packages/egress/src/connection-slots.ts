import { AppError } from 'model';

/** Gives a place back. */
export type Release = () => void;

/** Calls at once: to one host and in all, of one environment; how many more may wait for one host, and how long. */
export type SlotOptions = { perHost: number; perEnvironment: number; waitingPerHost: number; longestWaitMs: number };

type Waiting = { grant: (release: Release) => void };
type Host = { used: number; waiting: Set<Waiting> };
type Environment = { used: number; waiting: number; hosts: Map<string, Host> };

const usual: SlotOptions = { perHost: 64, perEnvironment: 256, waitingPerHost: 1_000, longestWaitMs: 30_000 };

/** Places that any host may have, however many the others of its environment hold: so a few slow APIs starve nobody. */
const always = 2;

/** Bounds how many calls are under way: for each environment by itself, to each host by itself. Who finds no place waits in line. */
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
  take(environmentId: number, host: string, signal?: AbortSignal): Release | Promise<Release> {
    const environment = this.#environmentOf(environmentId);
    const line = lineOf(environment, host);
    if (line.waiting.size === 0 && this.#hasRoom(environment, line)) return this.#occupy(environmentId, host);
    if (line.waiting.size >= this.#options.waitingPerHost) throw busy(host, this.#options);
    return this.#wait(environmentId, host, signal);
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

  #wait(environmentId: number, host: string, signal: AbortSignal | undefined): Promise<Release> {
    const environment = this.#environmentOf(environmentId);
    const { waiting } = lineOf(environment, host);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        if (waiting.delete(entry)) environment.waiting--;
      };
      const entry: Waiting = {
        grant: (release) => {
          leave();
          resolve(release);
        },
      };
      const giveUp = (error: Error): void => {
        leave();
        reject(error);
      };
      const onAbort = (): void => giveUp(new DOMException('The caller has gone', 'AbortError'));
      const timer = setTimeout(() => giveUp(busy(host, this.#options)), this.#options.longestWaitMs);
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.add(entry);
      environment.waiting++;
    });
  }

  /** Hands free places on: first to the line of the host that has one more, then to the others, which only the environment's bound kept waiting. */
  #serve(environmentId: number, environment: Environment, first: string): void {
    const hosts = environment.waiting === 0 ? [] : [first, ...environment.hosts.keys()];
    for (const host of hosts) {
      for (const entry of environment.hosts.get(host)?.waiting ?? []) {
        if (!this.#hasRoom(environment, lineOf(environment, host))) break;
        entry.grant(this.#occupy(environmentId, host));
      }
    }
    if (lineOf(environment, first).used === 0) environment.hosts.delete(first);
    if (environment.hosts.size === 0) this.#environments.delete(environmentId);
  }

  #environmentOf(environmentId: number): Environment {
    const known = this.#environments.get(environmentId);
    if (known) return known;
    const made: Environment = { used: 0, waiting: 0, hosts: new Map() };
    this.#environments.set(environmentId, made);
    return made;
  }
}

function lineOf(environment: Environment, host: string): Host {
  const known = environment.hosts.get(host);
  if (known) return known;
  const made: Host = { used: 0, waiting: new Set() };
  environment.hosts.set(host, made);
  return made;
}

function busy(host: string, { longestWaitMs }: SlotOptions): AppError {
  return new AppError('upstream_busy', {
    message: `Too many calls of this environment are under way to ${host}`,
    payload: { host, retryAfterSeconds: Math.ceil(longestWaitMs / 1_000) },
  });
}
