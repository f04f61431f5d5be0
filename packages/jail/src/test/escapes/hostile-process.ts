import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import { Bridge } from '../../child/bridge.js';
import { closeProcess } from '../../child/close-process.js';
import { encodeFrame } from '../../frame.js';

/**
 * A jail whose script has broken out of its realm: it holds `process` and `require`. What it cannot do is what the
 * walls around the process keep from it.
 */
const leave = process.exit.bind(process, 0);
const bridge = new Bridge(3, leave);
closeProcess();

bridge.listen((head, body) => {
  const message = head as { t: string; n?: number };
  if (message.t === 'ping') bridge.write(encodeFrame({ t: 'pong', n: message.n }));
  if (message.t === 'run') void run(Buffer.from(body).toString('utf8'));
});
bridge.write(encodeFrame({ t: 'ready' }));

async function run(code: string): Promise<void> {
  const entry = new Script(`(async (require, process) => { ${code} })`).runInThisContext() as (...given: unknown[]) => Promise<unknown>;
  const answer = await entry(createRequire(__filename), process).catch((error: unknown) => `died: ${String(error)}`);
  bridge.write(encodeFrame({ t: 'done', outcome: 'succeeded' }, JSON.stringify(answer ?? null)));
}
