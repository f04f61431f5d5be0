import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { distribution } from '../harness/statistics.mjs';

const echo = join(import.meta.dirname, 'echo.mjs');
const warmUps = 200;
const trips = 2000;

/** A message to a worker thread and back, and to a child process and back. */
export async function roundTrips() {
  const thread = new Worker(echo);
  const child = fork(echo);
  const figures = {
    worker_thread_roundtrip_ms: await measure(thread, (message) => thread.postMessage(message, [])),
    child_process_roundtrip_ms: await measure(child, (message) => child.send(message)),
  };
  child.kill();
  await thread.terminate();
  return figures;
}

async function measure(peer, send) {
  const trip = () =>
    new Promise((resolve) => {
      peer.once('message', resolve);
      send({ n: 1 });
    });
  for (let count = 0; count < warmUps; count++) await trip();
  const durations = [];
  for (let count = 0; count < trips; count++) {
    const sentAt = performance.now();
    await trip();
    durations.push(performance.now() - sentAt);
  }
  const { p50, p95 } = distribution(durations);
  return { p50, p95 };
}
