import type { ExecutionError } from 'model';
import type { JailExit } from './driver.js';
import type { RunOutcome } from './job.js';

export function failed(error: ExecutionError): RunOutcome {
  return { kind: 'failed', error };
}

const excesses = {
  wall: (seconds: number) => `The script ran longer than ${seconds} s`,
  cpu: (seconds: number) => `The script used more than ${seconds} s of processor time per minute`,
  silence: (seconds: number) => `The script kept its event loop busy for more than ${seconds} s without a pause`,
};

/** A bound of time was reached. */
export function limitError(limit: keyof typeof excesses, ms: number): ExecutionError {
  return { code: 'execution_timeout', message: excesses[limit](ms / 1000), payload: { limit, ms } };
}

export function protocolError(problem: string): ExecutionError {
  return { code: 'script_protocol_error', message: `The jail sent a message that is not allowed: ${problem}` };
}

/** The process went before the script had a result: out of memory, as far as its last words tell, else a crash. */
export function crashError({ code, signal, stderr }: JailExit): ExecutionError {
  if (/out of memory|bad_alloc|allocation fail|cannot allocate/i.test(stderr))
    return { code: 'script_out_of_memory', message: 'The script used more memory than it is allowed' };
  return {
    code: 'script_internal_error',
    message: `The script's process ended without a result (${signal ?? `code ${code}`})`,
    payload: { name: 'Error', code: signal ?? code },
  };
}
