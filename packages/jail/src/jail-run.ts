import type { ExecutionError } from 'model';
import { perform, refusal } from './broker-calls.js';
import { answersOn } from './child/tape/tape-text.js';
import { type BrokerCall, ChildMessage } from './child-messages.js';
import { watchCpu } from './cpu-guard.js';
import type { Jail } from './driver.js';
import { crashError, failed, limitError, protocolError } from './endings.js';
import { FloodGuard } from './flood-guard.js';
import type { Frame } from './frame.js';
import { withoutImports } from './imports.js';
import type { JailJob, RunOutcome } from './job.js';
import { watch } from './watchdog.js';

/** The realm itself keeps 64 calls open at most. */
const maxOpenCalls = 256;
/** A script that was told to stop may finish its present call. */
const abortGraceMs = 5_000;

/** `spare` leaves the jail alive after a success, for its next run. */
type Options = { dryRun: boolean; spare: boolean };

/** Runs one script in one jail, to whichever end comes first; the jail is killed then, unless it is spared. */
export function runInJail(jail: Jail, job: JailJob, options: Options): Promise<RunOutcome> {
  return new Promise((resolve) => new JailRun(jail, job, resolve).start(options));
}

class JailRun {
  readonly #jail: Jail;
  readonly #job: JailJob;
  readonly #resolve: (outcome: RunOutcome) => void;
  readonly #stops: (() => void)[] = [];
  #spare = false;
  #ended = false;
  #openCalls = 0;
  #isTapeFull = false;
  #logBytes = 0;
  readonly #flood: FloodGuard;
  #sawPong: () => void = () => undefined;

  constructor(jail: Jail, job: JailJob, resolve: (outcome: RunOutcome) => void) {
    this.#jail = jail;
    this.#job = job;
    this.#resolve = resolve;
    this.#flood = new FloodGuard(job.limits.logBytes, answersOn(job.tape ?? ''));
  }

  start({ dryRun, spare }: Options): void {
    this.#spare = spare;
    const { context, input, limits, signal, tape } = this.#job;
    const code = this.#code();
    if (code === null) return;
    this.#jail.listen({
      frame: (frame) => this.#receive(frame),
      garbage: () => this.#end(failed(protocolError('it is no frame'))),
      exit: (exit) => this.#end(signal?.aborted ? { kind: 'cancelled' } : failed(crashError(exit))),
    });
    const wall = setTimeout(() => this.#end(failed(limitError('wall', limits.wallMs))), Math.min(limits.wallMs, 2 ** 31 - 1));
    this.#stops.push(() => clearTimeout(wall));
    this.#watch();
    const { cpuMsPerMinute } = limits;
    this.#stops.push(watchCpu({ usage: () => this.#jail.usage(), cpuMsPerMinute, exceeded: () => this.#end(failed(limitError('cpu', cpuMsPerMinute))) }));
    this.#heedAbort();
    this.#heedAbandon();
    this.#jail.send({ t: 'run', job: { context, input: input ?? null, dryRun, limits }, ...(tape ? { tape } : {}) }, code);
  }

  #code(): string | null {
    try {
      return withoutImports(this.#job.code);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown problem';
      this.#end(failed({ code: 'script_internal_error', message: `The script cannot be read: ${reason}` }));
      return null;
    }
  }

  #watch(): void {
    const { silenceMs } = this.#job.limits;
    const dog = watch({
      silenceMs,
      ping: (n) => this.#jail.send({ t: 'ping', n }),
      pausedMs: () => this.#jail.pausedMs,
      paused: () => this.#job.onAlive?.(),
      silent: () => this.#end(failed(limitError('silence', silenceMs))),
    });
    this.#sawPong = dog.answered;
    this.#stops.push(dog.stop);
  }

  #heedAbort(): void {
    const { signal } = this.#job;
    if (!signal) return;
    const abort = (): void => {
      this.#jail.send({ t: 'abort' });
      const grace = setTimeout(() => this.#end({ kind: 'cancelled' }), abortGraceMs);
      this.#stops.push(() => clearTimeout(grace));
    };
    if (signal.aborted) return this.#end({ kind: 'cancelled' });
    signal.addEventListener('abort', abort, { once: true });
    this.#stops.push(() => signal.removeEventListener('abort', abort));
  }

  #heedAbandon(): void {
    const { abandon } = this.#job;
    if (!abandon) return;
    const end = (): void => this.#end({ kind: 'cancelled' });
    if (abandon.aborted) return end();
    abandon.addEventListener('abort', end, { once: true });
    this.#stops.push(() => abandon.removeEventListener('abort', end));
  }

  #receive({ head, body }: Frame): void {
    if (this.#ended) return;
    if (!this.#flood.pass()) return this.#end(failed(protocolError('too many messages at once')));
    const message = ChildMessage.safeParse(head);
    if (!message.success) return this.#end(failed(protocolError(message.error.issues[0]?.message ?? 'unknown form')));
    if ('tape' in message.data) this.#hear(message.data.tape);
    switch (message.data.t) {
      case 'call':
        return this.#call(message.data, body);
      case 'log':
        return this.#log(message.data);
      case 'pong':
        this.#sawPong();
        return this.#job.onAlive?.();
      case 'done':
        return this.#end(this.#outcome(message.data, body));
      case 'diverged':
        return this.#job.broker.diverged(message.data.detail);
      case 'tape':
      case 'ready':
        return;
    }
  }

  #hear(tape: string | null | undefined): void {
    if (tape) this.#job.broker.tape(tape);
    if (tape !== null || this.#isTapeFull) return;
    this.#isTapeFull = true;
    this.#job.broker.tape('', 'full');
  }

  #call(call: BrokerCall, body: Uint8Array): void {
    if (++this.#openCalls > maxOpenCalls) return this.#end(failed(protocolError('too many calls at once')));
    perform(this.#job.broker, call, body)
      .then(
        (answer) => this.#jail.send({ t: 'answer', id: call.id, ok: true, value: answer.value ?? null, binary: call.binary === true }, answer.body),
        (error: unknown) => this.#jail.send({ t: 'answer', id: call.id, ok: false, error: refusal(error) }),
      )
      .finally(() => this.#openCalls--);
  }

  /** The realm keeps to the limit and says so; this is for a realm that does not. */
  #log({ at, level, message, meta, replayed }: Extract<ChildMessage, { t: 'log' }>): void {
    this.#logBytes += message.length;
    if (this.#logBytes > this.#job.limits.logBytes + 1_000) return;
    const entry = { at, level, message, ...(meta === undefined ? {} : { meta }), ...(replayed ? { replayed } : {}) };
    this.#job.broker.log(entry).catch(() => undefined);
  }

  #outcome(done: Extract<ChildMessage, { t: 'done' }>, body: Uint8Array): RunOutcome {
    if (done.outcome === 'aborted') return { kind: 'cancelled' };
    if (done.outcome === 'failed') return this.#job.signal?.aborted ? { kind: 'cancelled' } : failed(done.error);
    const { outputBytes } = this.#job.limits;
    if (body.byteLength > outputBytes)
      return failed({ code: 'script_output_too_large', message: `The output has ${body.byteLength} bytes; at most ${outputBytes} are allowed` });
    return outputOf(body);
  }

  #end(outcome: RunOutcome): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const stop of this.#stops) stop();
    if (!this.#spare || outcome.kind !== 'succeeded' || this.#openCalls > 0) this.#jail.kill();
    this.#resolve(outcome);
  }
}

function outputOf(body: Uint8Array): RunOutcome {
  try {
    return { kind: 'succeeded', output: JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) };
  } catch {
    const error: ExecutionError = { code: 'script_output_not_serializable', message: 'The output is not JSON' };
    return failed(error);
  }
}
