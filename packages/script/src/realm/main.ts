import type { HostFunctions, RealmHandle, ScriptFunction } from '../protocol.js';
import { Bridge } from './bridge.js';
import { completeBuffer } from './globals/buffer.js';
import { installGlobals } from './globals/install.js';
import { Timers } from './globals/timers.js';
import { Host } from './host.js';
import { Bytes, lockDown } from './intrinsics.js';
import { type Job, ScriptRun } from './script-run.js';
import { installTape } from './taped/install.js';
import { nameUnavailableMethods } from './unavailable.js';

/**
 * Builds the realm: globals and the `nango` object around the host's functions. Called once per realm, before
 * any script is there; a realm runs one script.
 */
export function boot(functions: HostFunctions): RealmHandle {
  lockDown();
  completeBuffer();
  nameUnavailableMethods();
  const host = new Host(functions);
  installTape(host);
  const bridge = new Bridge(host);
  const run = new ScriptRun(bridge, () => host.clock());
  const timers = new Timers(host, (error) => run.fail(error));
  const require = installGlobals({ host, timers, write: (level, message) => run.write(level, message), fetch: (request) => run.fetch(request) });
  return {
    // The driver's frames carry a context that the parent has parsed.
    start: (script: ScriptFunction, jobJson: string) => run.start(script, require, JSON.parse(jobJson) as Job),
    deliver: (answerJson, text, bytes) => bridge.deliver(answerJson, text, bytes),
    fire: (id) => timers.fire(id),
    abort: () => run.abort(),
    unhandled: (reason) => run.unhandled(reason),
    allocate: (size) => new Bytes(size),
    error: (message) => new TypeError(message),
    pending: () => bridge.pending + timers.pending,
  };
}
