// Programs of the bench as child processes: those that serve until they are disposed of, and those that run to their end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts a program that serves, resolving once it has printed its first line; disposing of it ends it. */
export async function serve(file, { args = [], env = {} } = {}) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const exited = once(child, 'exit');
  const early = exited.then(([code, signal]) => Promise.reject(new Error(`${file} ended with ${code ?? signal} before it served`)));
  await Promise.race([once(child.stdout, 'data'), early]);
  early.catch(() => undefined);
  child.stdout.resume();
  return {
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}

/** Runs a program to its end: its exit code, what it printed, and, unless the terminal is to have them, its complaints. */
export async function runToEnd(file, { args = [], env = {}, cwd, signal, stderr = 'pipe' } = {}) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', stderr], env: { ...process.env, ...env }, cwd, signal });
  const output = collect(child.stdout);
  const complaints = child.stderr ? collect(child.stderr) : () => '';
  const [code] = await once(child, 'close');
  return { code, stdout: output(), stderr: complaints() };
}

function collect(stream) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}
