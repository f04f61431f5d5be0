import type { PlatformCall, PlatformMethod } from 'model';
import { describe, expect, it } from 'vitest';
import { aBroker, aJob } from './test/a-job.js';
import { ownPool, pool, type Respond } from './test/run-script.js';

ownPool();

type Answers = Partial<Record<PlatformMethod, (args: never) => unknown>>;

/** Runs a body at a platform that answers like this; tells how it ended and what it asked. */
async function run(body: string, { answers = {}, respond, kind = 'sync' }: { answers?: Answers; respond?: Respond; kind?: 'sync' | 'action' } = {}) {
  const { broker, heard } = aBroker(respond);
  const asked: PlatformCall[] = [];
  const platform = async (call: PlatformCall): Promise<unknown> => {
    asked.push(call);
    return answers[call.method]?.(call.args as never) ?? null;
  };
  const code = `exports.default = async (nango) => { const say = (value) => { throw new nango.ActionError({ value }) }; ${body} }`;
  const outcome = await pool.run(aJob(code, { context: { kind }, broker: { ...broker, platform } }));
  return { outcome, asked, heard };
}

/** What the body says. */
async function said(body: string, options: Parameters<typeof run>[1] = {}): Promise<unknown> {
  const { outcome } = await run(body, options);
  if (outcome.kind !== 'failed' || outcome.error.code !== 'action_script_runtime_error') throw new Error(JSON.stringify(outcome));
  return (outcome.error.payload as { value: unknown }).value;
}

const refusing = (code: string) => () => {
  throw Object.assign(new Error('refused'), { name: 'AppError', code });
};

describe('a checkpoint', () => {
  it('is read, saved with the version that was read, and cleared', async () => {
    const answers = { getCheckpoint: () => ({ value: { page: 3 }, version: 4 }), saveCheckpoint: () => ({ version: 5 }) };
    const { asked, outcome } = await run(
      'await nango.getCheckpoint(); await nango.saveCheckpoint({ page: 4, done: false, x: undefined }); await nango.clearCheckpoint()',
      {
        answers,
      },
    );
    expect(outcome.kind).toBe('succeeded');
    expect(asked).toEqual([
      { method: 'getCheckpoint', args: {} },
      { method: 'saveCheckpoint', args: { value: { page: 4, done: false }, version: 4 } },
      { method: 'saveCheckpoint', args: { value: null, version: 5 } },
    ]);
    expect(await said('say(await nango.getCheckpoint())', { answers })).toEqual({ page: 3 });
  });

  it.each(['null', '[1]', '"text"', '{ a: null }', '{ a: { b: 1 } }', '{ a: NaN }', '{ "": 1 }', '{ a: "x".repeat(70_000) }'])(
    'is refused when it is no flat object: %s',
    async (value) => {
      const { outcome, asked } = await run(`await nango.saveCheckpoint(${value})`);
      expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'script_internal_error', message: expect.stringContaining('flat object') } });
      expect(asked).toEqual([]);
    },
  );
});

describe('a lock', () => {
  it('is taken, told to be held, and released', async () => {
    const answers = { acquireLock: ({ key }: { key: string }) => key === 'free', releaseLock: () => true };
    const body = `say([await nango.tryAcquireLock({ key: 'free', ttlMs: 1000 }), await nango.tryAcquireLock({ key: 'held', ttlMs: 1 }), await nango.releaseLock({ key: 'free' }), await nango.releaseAllLocks()])`;
    expect(await said(body, { answers, kind: 'action' })).toEqual([true, false, true, null]);
  });

  it.each(["{ key: '', ttlMs: 1 }", "{ key: 'a', ttlMs: 0 }", "{ key: 'a' }", "{ key: 'a', ttlMs: 1e12 }", '{ ttlMs: 5 }'])(
    'needs a key and a time: %s',
    async (lock) => {
      expect((await run(`await nango.tryAcquireLock(${lock})`)).outcome).toMatchObject({ error: { code: 'script_internal_error' } });
    },
  );
});

describe('other syncs', () => {
  it.each([
    ["'tasks'", { syncs: [{ name: 'tasks', variant: 'base' }] }],
    ["'tasks::eu', true", { syncs: [{ name: 'tasks', variant: 'eu' }], full_resync: true }],
    ["{ name: 'tasks', variant: 'eu' }, 'full_refresh'", { syncs: [{ name: 'tasks', variant: 'eu' }], sync_mode: 'full_refresh' }],
    ["{ name: 'tasks' }, { reset: true }", { syncs: [{ name: 'tasks', variant: 'base' }], opts: { reset: true, emptyCache: false } }],
  ])('are triggered by triggerSync(key, connection, %s)', async (args, expected) => {
    const { asked } = await run(`await nango.triggerSync('tracker', 'c2', ${args})`);
    expect(asked).toEqual([{ method: 'triggerSync', args: { provider_config_key: 'tracker', connection_id: 'c2', ...expected } }]);
  });

  it('are started, on one connection or all', async () => {
    const { asked } = await run("await nango.startSync('tracker', ['a', { name: 'b', variant: 'x' }], 'c2'); await nango.startSync('tracker', ['a'])");
    expect(asked.map(({ args }) => args)).toEqual([
      {
        provider_config_key: 'tracker',
        connection_id: 'c2',
        syncs: [
          { name: 'a', variant: 'base' },
          { name: 'b', variant: 'x' },
        ],
      },
      { provider_config_key: 'tracker', syncs: [{ name: 'a', variant: 'base' }] },
    ]);
  });

  it.each([
    "nango.triggerSync('tracker', 'c', 'a', 'sideways')",
    "nango.triggerSync('', 'c', 'a')",
    "nango.startSync('tracker', 'a')",
    "nango.triggerSync('tracker', 'c', {})",
  ])('are not named by %s', async (call) => {
    const { outcome, asked } = await run(`await ${call}`);
    expect([outcome.kind, asked]).toEqual(['failed', []]);
  });
});

describe('the integration', () => {
  const answers = {
    getIntegration: ({ include }: { include: string[] }) => ({ unique_key: 'tracker', webhook_url: include.includes('webhook') ? 'https://hook' : undefined }),
  };

  it('is asked for once per set of what is included, in whatever order', async () => {
    const body = `await nango.getIntegration(); await nango.getIntegration({ include: [] }); await nango.getIntegration({ include: ['credentials', 'webhook'] }); await nango.getIntegration({ include: ['webhook', 'credentials'] });
      say(await nango.getWebhookURL())`;
    const { asked, outcome } = await run(body, { answers });
    expect(asked.map(({ args }) => args)).toEqual([{ include: [] }, { include: ['webhook', 'credentials'] }, { include: ['webhook'] }]);
    expect(outcome).toMatchObject({ error: { payload: { value: 'https://hook' } } });
  });

  it('includes nothing else', async () => {
    expect((await run("await nango.getIntegration({ include: ['everything'] })")).outcome).toMatchObject({
      error: { message: expect.stringContaining("'everything'") },
    });
  });
});

describe('a fetch without credentials', () => {
  const respond: Respond = () => ({ status: 404, headers: { 'X-Left': '3' }, body: { a: 'ü' } });

  it('answers as fetch does, whatever the status', async () => {
    const body = `const response = await nango.uncontrolledFetch({ url: new URL('https://api.example/a?b=1'), method: 'POST', headers: { 'X-One': '1' }, body: '{"c":1}' });
      say([response.status, response.ok, response.headers.get('x-LEFT'), response.headers.has('none'), [...response.headers].length, await response.json(), response.bodyUsed])`;
    const { heard, outcome } = await run(body, { respond });
    expect(outcome).toMatchObject({ error: { payload: { value: [404, false, '3', false, 2, { a: 'ü' }, true] } } });
    expect(heard.calls).toMatchObject([
      { uncontrolled: true, method: 'POST', endpoint: 'https://api.example/a?b=1', headers: { 'x-one': '1', 'content-type': 'text/plain;charset=UTF-8' } },
    ]);
    expect(Buffer.from(heard.calls[0]?.dataBase64 ?? '', 'base64').toString()).toBe('{"c":1}');
  });

  it('gives text and bytes, once', async () => {
    const body = `const get = () => nango.uncontrolledFetch({ url: new URL('https://api.example/') });
      const twice = await get(); await twice.text(); let again = 'no'; try { await twice.text() } catch (error) { again = error.name }
      say([await (await get()).text(), (await (await get()).arrayBuffer()).byteLength, again])`;
    expect(await said(body, { respond })).toEqual(['{"a":"ü"}', 10, 'TypeError']);
  });

  it('of an address inside is an ActionError with its code', async () => {
    const { outcome } = await run("await nango.uncontrolledFetch({ url: new URL('http://169.254.169.254/') })", { respond: refusing('url_not_allowed') });
    expect(outcome).toMatchObject({ error: { code: 'action_script_runtime_error', payload: { code: 'url_not_allowed' } } });
  });

  it('that nobody answers fails as a network error', async () => {
    const { outcome } = await run("await nango.uncontrolledFetch({ url: new URL('https://gone.example/') })", { respond: refusing('upstream_unreachable') });
    expect(outcome).toMatchObject({ error: { code: 'script_network_error' } });
  });
});

describe('the records of a sync', () => {
  it('are read by id, under the ids as they were given', async () => {
    const answers = { getRecords: ({ ids }: { ids: string[] }) => ids.filter((id) => id !== '9').map((id) => ({ id, name: `n${id}` })) };
    expect(await said("say([...(await nango.getRecordsByIds([1, '2', 9], 'Issue'))])", { answers })).toEqual([
      [1, { id: '1', name: 'n1' }],
      ['2', { id: '2', name: 'n2' }],
    ]);
  });

  it('are asked for in pieces', async () => {
    const { asked } = await run("await nango.getRecordsByIds(Array.from({ length: 1_200 }, (_, n) => n), 'Issue'); await nango.getRecordsByIds([], 'Issue')", {
      answers: { getRecords: () => [] },
    });
    expect(asked.map(({ args }) => (args as { ids: string[] }).ids.length)).toEqual([500, 500, 200]);
  });

  it('are listed page by page, only as far as they are read', async () => {
    const listRecords = ({ cursor }: { cursor: string | null }) =>
      cursor === null ? { records: [{ id: '1' }, { id: '2' }], next_cursor: 'c1' } : { records: [{ id: '3' }], next_cursor: null };
    const all = "const ids = []; for await (const { id } of nango.listRecords('Issue')) ids.push(id); say(ids)";
    expect(await said(all, { answers: { listRecords } })).toEqual(['1', '2', '3']);
    const { asked } = await run("for await (const record of nango.listRecords('Issue', { cursor: null })) break", { answers: { listRecords } });
    expect(asked).toEqual([{ method: 'listRecords', args: { model: 'Issue', cursor: null } }]);
  });

  it('take a merging strategy and explicit deletion', async () => {
    const answers = { trackDeletesEnd: () => ({ deletedKeys: ['a'] }), deletePrevious: () => ({ deletedKeys: ['b'] }) };
    const body = `await nango.setMergingStrategy({ strategy: 'ignore_if_modified_after' }, 'Issue'); await nango.trackDeletesStart('Issue');
      say([await nango.trackDeletesEnd('Issue'), await nango.deleteRecordsFromPreviousExecutions('Person'), await nango.deleteRecordsFromPreviousExecutions('Person')])`;
    const { asked, outcome } = await run(body, { answers });
    expect(outcome).toMatchObject({ error: { payload: { value: [{ deletedKeys: ['a'] }, { deletedKeys: ['b'] }, { deletedKeys: [] }] } } });
    expect(asked.map(({ method }) => method)).toEqual(['setMergingStrategy', 'trackDeletesStart', 'trackDeletesEnd', 'deletePrevious']);
  });

  it.each([
    "getRecordsByIds(['1'], 'Isue')",
    "trackDeletesStart('Isue')",
    "setMergingStrategy({ strategy: 'override' }, 'Isue')",
    "listRecords('Isue').next()",
  ])('are of declared models only: %s', async (call) => {
    expect((await run(`await nango.${call}`)).outcome).toMatchObject({ error: { code: 'unknown_model' } });
  });

  it('have no other strategy', async () => {
    expect((await run("await nango.setMergingStrategy({ strategy: 'best' }, 'Issue')")).outcome).toMatchObject({
      error: { message: expect.stringContaining("'best'") },
    });
  });
});
