import { sharedStack } from 'stack/testing';
import { expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { anApi, Workbench } from './test/platform.js';

it('perf', async () => {
  const stack = await sharedStack();
  const api = await anApi(() => ({ body: {} }));
  const bench = new Workbench(stack);
  await bench.open(api.url);
  await bench.deploy(
    { noop: '', ping: "await nango.get({ endpoint: '/x' })" },
    {
      big: "for (let p = 0; p < 20; p++) await nango.batchSave(Array.from({ length: 1000 }, (_, n) => ({ id: p * 1000 + n, name: 'record ' + n, text: 'x'.repeat(220) })), 'Issue')",
    },
  );
  for (let i = 0; i < 20; i++) await bench.act('noop');
  for (const name of ['noop', 'ping']) {
    const times: number[] = [];
    for (let i = 0; i < 150; i++) times.push((await bench.act(name)).ms);
    times.sort((a, b) => a - b);
    console.log(name, 'p50', times[75]?.toFixed(1), 'p95', times[142]?.toFixed(1), 'max', times[149]?.toFixed(1));
  }
  const t = performance.now();
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (let i = 0; i < 20; i++) await bench.act('noop');
    }),
  );
  console.log('c=10', (200 / ((performance.now() - t) / 1000)).toFixed(0), '/s');
  for (const file of readdirSync(stack.logs))
    if (/runner/.test(file)) {
      const ms = [...readFileSync(`${stack.logs}/${file}`, 'utf8').matchAll(/script.finished.*?"ms":(\d+)|"ms":(\d+).*?script.finished/g)]
        .map((m) => Number(m[1] ?? m[2]))
        .sort((a, b) => a - b);
      console.log(
        'runner begin->finish p50',
        ms[Math.floor(ms.length / 2)],
        'n',
        ms.length,
        readFileSync(`${stack.logs}/${file}`, 'utf8').split('\n').slice(-4).join('\n'),
      );
    }
  for (let run = 0; run < 2; run++) {
    const started = performance.now();
    await bench.ask('POST', '/sync/trigger', { provider_config_key: bench.key, connection_id: bench.connectionId, syncs: ['big'] });
    for (;;) {
      const status = (await bench.ask('GET', `/sync/status?syncs=big&provider_config_key=${bench.key}&connection_id=${bench.connectionId}`)) as {
        syncs: { status: string; finishedAt: string; recordCount: object }[];
      };
      if (status.syncs[0]?.status !== 'RUNNING' && performance.now() - started > 1000) {
        console.log(JSON.stringify(status.syncs[0]), (performance.now() - started).toFixed(0));
        break;
      }
      await new Promise((r) => setTimeout(r, 50));
    }
  }
  for (const file of readdirSync(stack.logs))
    if (/runner/.test(file)) console.log(readFileSync(`${stack.logs}/${file}`, 'utf8').split('\n').slice(-4).join('\n'));
  expect(1).toBe(1);
}, 120_000);
