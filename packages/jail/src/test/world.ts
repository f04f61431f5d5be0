import type { SaveAnswer, ScriptCall } from 'model';
import type { Broker } from '../broker.js';
import { runInJail } from '../jail-run.js';
import type { RunOutcome } from '../job.js';
import { aJob } from './a-job.js';
import { inProcessJail } from './in-process-jail.js';

type Answer = { status: number; body: unknown } | { refusal: string };
type Attempt = { isAlive: boolean; tape: string; occurrences: Map<string, number>; events: number };

/** Where an attempt is killed: after the n-th call was received, result recorded, answer delivered, or turn of the event loop. */
export type Kill = { after: 'received' | 'recorded' | 'delivered' | 'turns'; count: number };
export type Counts = Record<Kill['after'], number>;

const noKill: Kill = { after: 'turns', count: Number.POSITIVE_INFINITY };

/**
 * The external API and the journal of one execution, over all its attempts. Reads answer something new each time and
 * take their time; what is recorded is answered from memory. A write outlives the attempt that asked for it, a read that
 * is not recorded yet is lost with it.
 */
export class World {
  readonly writes: unknown[] = [];
  readonly saves: unknown[] = [];
  /** What scripts say of themselves. */
  readonly outputs: unknown[] = [];
  readonly problems: string[] = [];
  tape = '';
  readonly #random: () => number;
  readonly #recorded = new Map<string, Answer>();
  readonly #writing = new Map<string, Promise<Answer>>();
  #isOffline = false;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** From here on only what is recorded is answered. */
  goOffline(): void {
    this.#isOffline = true;
  }

  /** One attempt, from its beginning or from the tape of those before; to its end or until it is killed. */
  async attempt(code: string, kill: Kill = noKill): Promise<{ outcome: RunOutcome; counts: Counts; wasKilled: boolean }> {
    const attempt: Attempt = { isAlive: true, tape: this.tape, occurrences: new Map(), events: 0 };
    const counts: Counts = { received: 0, recorded: 0, delivered: 0, turns: 0 };
    const jail = inProcessJail(() => setImmediate(() => setImmediate(() => count('delivered'))));
    const count = (what: Kill['after']): void => {
      if (!attempt.isAlive || ++counts[what] !== kill.count || what !== kill.after) return;
      attempt.isAlive = false;
      jail.kill();
    };
    const turn = (): void => {
      count('turns');
      if (attempt.isAlive) setImmediate(turn);
    };
    if (kill.after === 'turns') setImmediate(turn);
    const job = aJob(code, { broker: this.#broker(attempt, count), tape: this.tape, context: { kind: 'sync' }, limits: { wallMs: 5_000 } });
    const outcome = await runInJail(jail, job, { dryRun: false, spare: false });
    const wasKilled = !attempt.isAlive;
    attempt.isAlive = false;
    return { outcome, counts, wasKilled };
  }

  #broker(attempt: Attempt, count: (what: Kill['after']) => void): Broker {
    const ask = (method: string, args: unknown, perform: () => Answer | Promise<Answer>): Promise<Answer> => {
      if (!attempt.isAlive) return new Promise(() => undefined);
      this.tape = attempt.tape;
      const answer = this.#answer({ attempt, name: named(attempt, method, args), isWrite: method !== 'get' && method !== 'connection', perform, count });
      count('received');
      return answer;
    };
    return {
      call: async (request) => {
        const answer = await ask(request.method.toLowerCase(), request, () => this.#callOut(request));
        if ('refusal' in answer) throw Object.assign(new Error(answer.refusal), { name: 'AppError', code: answer.refusal });
        return { answer: { status: answer.status, statusText: '', headers: {} }, body: Buffer.from(JSON.stringify(answer.body)) };
      },
      connection: async () => {
        const answer = await ask('connection', {}, () => ({ status: 200, body: this.#random() }));
        return { connection_id: 'c', credentials: { type: 'OAUTH2', access_token: 'body' in answer ? answer.body : null } };
      },
      save: async (request, records) => {
        const saved = JSON.parse(Buffer.from(records).toString('utf8')) as unknown[];
        await ask('save', [request, saved], () => {
          this.saves.push(saved);
          return { status: 200, body: null };
        });
        return { added: 0, updated: 0, deleted: 0, unchanged: 0, duplicates: [] } satisfies SaveAnswer;
      },
      tape: (text) => void (attempt.tape += text),
      diverged: (detail) => void (attempt.isAlive && this.problems.push(`diverged: ${detail}`)),
      log: async () => undefined,
      platform: async () => null,
      triggerAction: async () => null,
    };
  }

  async #answer(call: {
    attempt: Attempt;
    name: string;
    isWrite: boolean;
    perform: () => Answer | Promise<Answer>;
    count: (what: Kill['after']) => void;
  }): Promise<Answer> {
    const { attempt, name, isWrite, perform, count } = call;
    const known = this.#recorded.get(name) ?? this.#writing.get(name);
    if (known) return known;
    if (this.#isOffline) this.problems.push(`made live: ${name}`);
    const performed = (async (): Promise<Answer> => {
      const answer = await perform();
      await this.#pause();
      if (!isWrite && !attempt.isAlive) return new Promise(() => undefined);
      this.#recorded.set(name, answer);
      count('recorded');
      return answer;
    })();
    if (isWrite) this.#writing.set(name, performed);
    const answer = await performed;
    await this.#pause();
    return answer;
  }

  #callOut({ method, endpoint, data }: Omit<ScriptCall, 'call'>): Answer {
    if (endpoint === '/output') this.outputs.push(data);
    else if (method !== 'GET') this.writes.push(data);
    if (endpoint.startsWith('/status')) return { status: this.#random() < 0.5 ? 500 : 200, body: { n: this.#random() } };
    if (endpoint.startsWith('/refused')) return { refusal: 'upstream_unreachable' };
    return { status: 200, body: { n: this.#random() } };
  }

  /** Turns of the event loop, now and then a millisecond or two: answers overtake each other, and timers. */
  async #pause(): Promise<void> {
    const length = this.#random();
    if (length < 0.15) return void (await new Promise((resolve) => setTimeout(resolve, 1 + length * 10)));
    for (let turns = Math.floor(length * 8); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** As the journal's call ids: method, arguments, occurrence among equals. */
function named(attempt: Attempt, method: string, args: unknown): string {
  const equal = `${method} ${JSON.stringify(args)}`;
  const occurrence = attempt.occurrences.get(equal) ?? 0;
  attempt.occurrences.set(equal, occurrence + 1);
  return `${equal} ${occurrence}`;
}

/** mulberry32 */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
