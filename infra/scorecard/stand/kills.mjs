import { readFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const replacedWithinMs = 60_000;

/** `kill -9` of one process of the stack; resolves when another one stands in its place, with the time that took in ms. */
export async function kill(stack, name) {
  const pid = stack.describe().pids[name];
  const killedAt = Date.now();
  process.kill(pid, 'SIGKILL');
  while (stack.describe().pids[name] === pid) {
    if (Date.now() - killedAt > replacedWithinMs) throw new Error(`${name} was not started again within ${replacedWithinMs / 1000} s`);
    await sleep(50);
  }
  return Date.now() - killedAt;
}

/** Takes one process of the stack away for a while: it answers nobody, then it is killed and started again. */
export async function takeAway(stack, name, forMs) {
  process.kill(stack.describe().pids[name], 'SIGSTOP');
  await sleep(forMs);
  return kill(stack, name);
}

/** Kills a process again and again at moments the seed decides, until the work has ended or it was often enough. */
export async function killRepeatedly({ stack, name, times, between: [shortest, longest], random, isOver }) {
  const downMs = [];
  while (downMs.length < times) {
    await sleep(shortest + random() * (longest - shortest));
    if (isOver()) break;
    downMs.push(await kill(stack, name));
  }
  return downMs;
}

/** A second runner beside the stack's own, with the same settings; ends when disposed of. */
export async function secondRunner(stack) {
  const { pids } = stack.describe();
  const settings = (await readFile(`/proc/${pids.runner}/environ`, 'utf8')).split('\0').filter(Boolean);
  const [, program] = (await readFile(`/proc/${pids.runner}/cmdline`, 'utf8')).split('\0');
  const env = Object.fromEntries(settings.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  const child = spawn(process.execPath, [program], { env: { ...env, RUNNER_PORT: '0' }, stdio: 'ignore' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
