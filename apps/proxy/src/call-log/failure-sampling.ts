/** Failed calls that are kept of one environment in a second: those that are alike, and all together. */
export const keptAlike = 10;
export const keptInAll = 50;

/** So many kinds are told apart in a second; what is of yet another one is counted with its like. */
const mostKinds = 50;
const secondMs = 1_000;

/** Failed calls that are not in the log, of which a logged one tells: alike, or of too many kinds to tell apart. */
export type Unlogged = { notLogged: number; alike: boolean };

type Kind<T> = { kept: number; held: T | undefined; notLogged: number };
type Second<T> = { kept: number; kinds: Map<string, Kind<T>>; others: Kind<T>; timer: NodeJS.Timeout };

/**
 * Decides which failed calls are kept. In a storm of failures, as of a host that is left alone, nobody reads thousands of the same: the
 * first of each kind are kept, and one more when the second is over, which says how many others there were. None is lost unsaid.
 */
export class FailureSampling<T> {
  private readonly seconds = new Map<number, Second<T>>();
  private closed = false;

  constructor(private readonly onOver: (call: T, unlogged: Unlogged) => void) {}

  /** Whether the call is to be kept now; else it is counted, and may come back as the one that stands for others. */
  keeps(environmentId: number, kindName: string, call: T): boolean {
    if (this.closed) return true;
    const second = this.seconds.get(environmentId) ?? this.begin(environmentId);
    const kind = kindOf(second, kindName);
    if (kind.kept < keptAlike && second.kept < keptInAll) {
      kind.kept++;
      second.kept++;
      return true;
    }
    if (kind.held === undefined) kind.held = call;
    else kind.notLogged++;
    return false;
  }

  /** Ends every second that has begun; what comes later is kept. */
  close(): void {
    this.closed = true;
    for (const [environmentId, { timer }] of this.seconds) {
      clearTimeout(timer);
      this.end(environmentId);
    }
  }

  private begin(environmentId: number): Second<T> {
    const timer = setTimeout(() => this.end(environmentId), secondMs).unref();
    const second: Second<T> = { kept: 0, kinds: new Map(), others: noneYet(), timer };
    this.seconds.set(environmentId, second);
    return second;
  }

  private end(environmentId: number): void {
    const second = this.seconds.get(environmentId);
    if (!second) return;
    this.seconds.delete(environmentId);
    for (const kind of [...second.kinds.values(), second.others])
      if (kind.held !== undefined) this.onOver(kind.held, { notLogged: kind.notLogged, alike: kind !== second.others });
  }
}

function kindOf<T>({ kinds, others }: Second<T>, name: string): Kind<T> {
  const known = kinds.get(name);
  if (known) return known;
  if (kinds.size >= mostKinds) return others;
  const made = noneYet<T>();
  kinds.set(name, made);
  return made;
}

const noneYet = <T>(): Kind<T> => ({ kept: 0, held: undefined, notLogged: 0 });
