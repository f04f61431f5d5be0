import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild, launch, untilReady } from '../child.js';
import { freePort } from '../ports.js';
import { temporalBinary } from '../temporal-binary.js';
import { temporalServer } from '../temporal.js';

/** A Temporal server of the caller's own, with dynamic settings (`name=value`) of its own; `stop` it afterwards. */
export async function aTemporalServer(settings: string[]): Promise<{ address: string; stop: () => Promise<void> }> {
  const [folder, port, binary] = await Promise.all([mkdtemp(join(tmpdir(), 'temporal-')), freePort(), temporalBinary(() => undefined)]);
  const component = temporalServer({ binary, port, databaseFile: join(folder, 'temporal.db'), ephemeral: true, settings });
  const child = launch(component, join(folder, 'temporal.log'));
  const stop = async (): Promise<void> => {
    await endChild(child, { stopSignal: component.stopSignal, graceMs: 5000 });
    await rm(folder, { recursive: true, force: true });
  };
  await untilReady(component, child).catch((error: unknown) => stop().then(() => Promise.reject(error)));
  return { address: `127.0.0.1:${port}`, stop };
}
