// Samples memory while something runs, in a thread of its own: reading that of a family takes 20 ms, in which the load generator would stand still.
import { parentPort, workerData } from 'node:worker_threads';
import { processSnapshot } from './processes.mjs';

const everyMs = 500;
let peaks = {};
let timer;

parentPort.on('message', (message) => {
  clearInterval(timer);
  if (message === 'stop') return parentPort.postMessage(peaks, []);
  peaks = {};
  timer = setInterval(sample, everyMs);
});

function sample() {
  for (const [name, { memMb }] of Object.entries(processSnapshot(workerData))) peaks[name] = Math.max(peaks[name] ?? 0, memMb);
}
