import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { runDemo } from './demo.js';
import { defaultHome } from './home.js';
import { whenPackageManagerEnds } from './package-manager.js';
import { RunFile } from './run-file.js';
import { explain, Stack } from './stack.js';
import { readStackFile } from './stack-file.js';

/** Options of `start`. */
export interface StartOptions {
  port?: number;
  ephemeral?: boolean;
  demo: boolean;
  detach?: boolean;
}

/** What a detached supervisor tells the command that started it. */
type Message = { line: string } | { ready: true };

/** `start`: brings everything up, then supervises until it is told to stop. Resolves with the exit code. */
export async function start(options: StartOptions): Promise<number> {
  const home = defaultHome;
  const owner = new RunFile(join(home, 'running.json')).owner();
  if (owner !== null && !options.ephemeral) return tellOwner(owner, home, options);
  if (options.detach) return detach(options);
  return supervise(options, owner === null ? join(home, 'stack.json') : undefined);
}

async function supervise(options: StartOptions, stackFile: string | undefined): Promise<number> {
  const stopped = new AbortController();
  const finished = onStopSignal(() => stopped.abort());
  const startedAt = performance.now();
  mkdirSync(defaultHome, { recursive: true });
  try {
    const stack = await Stack.start({ home: options.ephemeral ? undefined : defaultHome, stackFile, port: options.port, say, signal: stopped.signal });
    say(`ready in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    if (options.demo) await runDemo(stack, say).catch((error: unknown) => say(`the demo did not work: ${explain(error)}`));
    say(announcement(stack));
    tellParent({ ready: true });
    await finished;
    say('stopping');
    await stack.stop();
    return 0;
  } catch (error) {
    if (stopped.signal.aborted) return 0;
    say(explain(error));
    return 1;
  }
}

function announcement(stack: Stack): string {
  const { dashboardUrl, dashboard } = stack.describe();
  return ['', `dashboard     ${dashboardUrl}`, `sign in as    ${dashboard.email} / ${dashboard.password}`, `keys          ${stack.stackFile}`].join('\n');
}

function tellOwner(owner: number, home: string, { detach: detached }: StartOptions): number {
  const file = readStackFile(join(home, 'stack.json'));
  say(file ? `It runs already (pid ${owner}): ${file.dashboardUrl}` : `It is being started already (pid ${owner}).`);
  say('"npx pnpm@12 stop" ends it.');
  return detached && file ? 0 : 1;
}

/** Runs the same command in a session of its own and returns when that is ready. */
function detach(options: StartOptions): Promise<number> {
  const flags = [
    options.port === undefined ? [] : ['--port', String(options.port)],
    options.ephemeral ? ['--ephemeral'] : [],
    options.demo ? [] : ['--no-demo'],
  ].flat();
  mkdirSync(join(defaultHome, 'logs'), { recursive: true });
  const log = openSync(join(defaultHome, 'logs', 'stack.log'), 'a', 0o600);
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', 'start', ...flags], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  return new Promise((resolve) => {
    child.on('message', (message: Message) => {
      if ('line' in message) return say(message.line);
      child.disconnect();
      child.unref();
      resolve(0);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function onStopSignal(stop: () => void): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      stop();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
    if (!process.channel) whenPackageManagerEnds(end);
  });
}

function say(line: string): void {
  console.log(line);
  tellParent({ line });
}

function tellParent(message: Message): void {
  if (process.connected) process.send?.(message, () => undefined);
}
