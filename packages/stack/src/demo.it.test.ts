import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDemo } from './demo.js';
import type { Stack } from './stack.js';
import { aStack } from './testing/index.js';

let stack: Stack;
beforeAll(async () => {
  stack = await aStack();
});
afterAll(() => stack?.stop());

it('boots every app from its built output', async () => {
  for (const name of ['server', 'proxy', 'orchestrator', 'runner'] as const) {
    const response = await fetch(`http://127.0.0.1:${stack.ports[name]}/health`);
    expect([name, await response.json()]).toMatchObject([name, { result: 'ok' }]);
  }
});

it('syncs the demo, prints lines that work as they stand, and changes nothing when it is run again', { timeout: 180_000 }, async () => {
  const said: string[] = [];
  await runDemo(stack, (line) => said.push(line));
  expect(said[0]).toContain('120 records added');
  expect(stack.describe().demo).toEqual({ providerConfigKey: 'demo-tracker', connectionId: 'demo', model: 'Issue', sync: 'issues', action: 'create-issue' });
  const [list, action] = await Promise.all(
    (said[1] ?? '')
      .split('\n')
      .filter((line) => line.includes('curl'))
      .map(runCurl),
  );
  expect((list as { records: unknown[] }).records.length).toBe(5);
  expect(action).toMatchObject({ title: 'Opened through the API', state: 'open' });
  await runDemo(stack, (line) => said.push(line));
  expect(said[2]).toContain('0 updated');
});

/** Does what the printed curl line would do, with the shell's own reading of it. */
async function runCurl(line: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)('sh', ['-c', `set -- ${line.trim()}; for word; do printf '%s\\n' "$word"; done`]);
  const words = stdout.trim().split('\n');
  const valuesOf = (flag: string): string[] => words.filter((_, n) => words[n - 1] === flag);
  const headers = valuesOf('-H').map((header): [string, string] => [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1).trim()]);
  const [body] = valuesOf('-d');
  const url = words.find((word) => word.startsWith('http')) ?? '';
  const response = await fetch(url, { method: valuesOf('-X')[0] ?? 'GET', headers, ...(body === undefined ? {} : { body }) });
  expect(response.status).toBe(200);
  return response.json();
}
