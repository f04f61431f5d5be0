// The other end of a round trip, as a worker thread or as a child process.
import { parentPort } from 'node:worker_threads';

if (parentPort) parentPort.on('message', (message) => parentPort.postMessage(message, []));
else process.on('message', (message) => process.send(message));
