import { setTimeout as wait } from 'node:timers/promises';
import { realmFolder } from 'script';
import { expect, it } from 'vitest';
import { aJob } from '../test/a-job.js';
import { Compiler } from './compiler.js';
import { type JailRealm, openRealm } from './realm.js';

const compiler = new Compiler(realmFolder, () => new Error('There is no import() here'));

/** A realm in which the code has run to its end. */
async function afterRun(code: string): Promise<JailRealm> {
  const over = Promise.withResolvers<void>();
  const realm = openRealm({ compiler, send: (head) => head.startsWith('{"t":"done"') && over.resolve() });
  const { context, limits } = aJob(code);
  realm.run({ code, jobJson: JSON.stringify({ context, input: null, dryRun: false, limits }), tape: '' });
  await over.promise;
  return realm;
}

it('knows by itself whether its script left something open, whatever that did to its own world', async () => {
  const bent = `Object.defineProperty(Map.prototype, 'size', { get: () => 0 });`;
  expect((await afterRun(`${bent} exports.default = () => 1`)).close()).toBe(true);
  expect((await afterRun(`${bent} exports.default = (nango) => { nango.get({ endpoint: '/' }); return 1 }`)).close()).toBe(false);
  expect((await afterRun(`${bent} exports.default = () => { setTimeout(() => {}, 60_000); return 1 }`)).close()).toBe(false);
});

it('is never entered again once it is closed: its script would run for ever', async () => {
  const code = `exports.default = (nango) => { nango.get({ endpoint: '/' }).then(() => { for (;;); }, () => { for (;;); }); return 1 }`;
  const realm = await afterRun(code);
  realm.deliver({ t: 'answer', id: 1, ok: true, value: null, binary: false }, Buffer.from('{}'));
  realm.close();
  realm.deliver({ t: 'answer', id: 1, ok: true, value: null, binary: false }, Buffer.from('{}'));
  realm.abort();
  expect(await wait(50, 'not held up')).toBe('not held up');
});
