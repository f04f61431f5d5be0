import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultHome } from './home.js';
import { RunFile } from './run-file.js';

const patienceMs = 60_000;

/** `stop`: ends the stack of this working tree, or what a killed supervisor left of it. Resolves with the exit code. */
export async function stop(): Promise<number> {
  const runFile = new RunFile(join(defaultHome, 'running.json'));
  const owner = runFile.owner();
  if (owner === null) {
    const ended = await runFile.endLeftovers();
    console.log(ended.length > 0 ? `ended what was left: ${ended.join(', ')}` : 'nothing runs here');
    runFile.release();
    return 0;
  }
  process.kill(owner, 'SIGTERM');
  const deadline = Date.now() + patienceMs;
  while (runFile.owner() === owner && Date.now() < deadline) await sleep(50);
  if (runFile.owner() === owner) {
    console.error(`the supervisor (pid ${owner}) did not end within ${patienceMs / 1000} s`);
    return 1;
  }
  console.log('stopped');
  return 0;
}
