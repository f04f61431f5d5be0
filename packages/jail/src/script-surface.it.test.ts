import { describe, expect, it } from 'vitest';
import { aBroker, aJob } from './test/a-job.js';
import { errorOf, output, ownPool, pool, type Respond, run } from './test/run-script.js';

ownPool();

const anImage: Respond = () => ({ headers: { 'content-type': 'image/png' }, body: new Uint8Array([137, 80, 0, 255]) });
const aRefusal: Respond = () => ({ status: 422, headers: { 'x-ratelimit-left': '3', 'set-cookie': 'secret=1' }, body: { payload: { field: 'title' } } });
const nobody: Respond = () => {
  throw Object.assign(new Error('The host was not found'), { name: 'AppError', code: 'upstream_unreachable', payload: { code: 'ENOTFOUND' } });
};

/** Surface 1.2, by where it is. */
const members = {
  everywhere:
    'connectionId providerConfigKey provider environmentId environmentName activityLogId syncJobId nangoConnectionId ActionError abortSignal syncConfig runnerFlags dryRun variant isCLI scriptType integrationConfig accountId proxy get post put patch delete getToken getConnection getIntegration getMetadata setMetadata updateMetadata getFieldMapping setFieldMapping getWebhookURL getEnvironmentVariables getFlowAttributes triggerAction triggerSync paginate log startSync uncontrolledFetch zodValidateInput tryAcquireLock releaseLock releaseAllLocks getCheckpoint saveCheckpoint clearCheckpoint setLogger',
  inSyncs:
    'syncId lastSyncDate track_deletes emptyCache batchSave batchDelete batchUpdate batchSend setLastSyncDate getRecordsByIds listRecords deleteRecordsFromPreviousExecutions trackDeletesStart trackDeletesEnd setMergingStrategy',
};

describe('the nango object', () => {
  const missing = (names: string) => `return ${JSON.stringify(names.split(' '))}.filter((name) => !(name in nango) || nango[name] === undefined)`;

  it('has every member of an action', async () => {
    expect(await output(missing(members.everywhere))).toEqual([]);
  });

  it('has every member of a sync', async () => {
    const names = `${members.everywhere} ${members.inSyncs}`;
    const context = { kind: 'sync', syncId: '6c0f1a52-7c1c-4f3a-9d0a-6f3a3c1f2b10', lastSyncDate: '2026-01-02T03:04:05.000Z' };
    const found = await errorOf(`const missing = (() => { ${missing(names)} })(); throw new nango.ActionError({ missing })`, { context });
    expect(found.payload).toEqual({ missing: [] });
  });
});

describe('calls to the external API', () => {
  it('are sent as axios would send them, and answered as axios answers', async () => {
    const { outcome, heard } = await run(
      `const response = await nango.post({ endpoint: 'issues', retries: 3, headers: { 'X-A': 1, Empty: '', No: undefined }, params: { list: [1, 2], deep: { a: 'x y' }, none: null, at: new Date(0) }, data: { title: 'ü' } });
       return { data: response.data, status: response.status, type: response.headers['content-type'], endpoint: response.config.endpoint }`,
      { respond: () => ({ status: 201, body: { id: 1 } }) },
    );
    expect(outcome).toEqual({ kind: 'succeeded', output: { data: { id: 1 }, status: 201, type: 'application/json', endpoint: 'issues' } });
    expect(heard.calls[0]).toMatchObject({
      method: 'POST',
      endpoint: 'issues',
      headers: { 'x-a': '1', empty: '' },
      params: 'list[]=1&list[]=2&deep[a]=x+y&at=1970-01-01T00:00:00.000Z',
      data: { title: 'ü' },
      retries: 3,
    });
  });

  it('take the method from the helper, and in either case from nango.proxy', async () => {
    const { heard } = await run(
      "await nango.get({ endpoint: '/' }); await nango.put({ endpoint: '/' }); await nango.patch({ endpoint: '/' }); await nango.delete({ endpoint: '/', data: { a: 1 } }); await nango.proxy({ endpoint: '/', method: 'post' }); await nango.proxy({ endpoint: '/' })",
    );
    expect(heard.calls.map(({ method }) => method)).toEqual(['GET', 'PUT', 'PATCH', 'DELETE', 'POST', 'GET']);
    expect(heard.calls[3]?.data).toEqual({ a: 1 });
  });

  it('send forms, multipart, text and bytes as they are', async () => {
    const { heard } = await run(
      `await nango.post({ endpoint: '/', headers: { 'content-type': 'application/x-www-form-urlencoded' }, data: { a: 'x y', b: [1] } });
       await nango.post({ endpoint: '/', data: new URLSearchParams({ c: 'd' }) });
       await nango.post({ endpoint: '/', headers: { 'Content-Type': 'multipart/form-data' }, data: { name: 'ü', file: Buffer.from('abc') } });
       await nango.post({ endpoint: '/', headers: { 'content-type': 'text/xml' }, data: '<a/>' });
       await nango.post({ endpoint: '/', data: Buffer.from([0, 255]) })`,
    );
    const bodies = heard.calls.map(({ dataBase64 }) => Buffer.from(dataBase64 ?? '', 'base64'));
    expect(bodies[0]?.toString()).toBe('a=x+y&b%5B%5D=1');
    expect(bodies[1]?.toString()).toBe('c=d');
    expect(heard.calls[1]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(heard.calls[2]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=----nango/);
    expect(bodies[2]?.toString()).toContain('name="file"; filename="file"\r\nContent-Type: application/octet-stream\r\n\r\nabc\r\n');
    expect(bodies[3]?.toString()).toBe('<a/>');
    expect([...(bodies[4] ?? [])]).toEqual([0, 255]);
  });

  it('give bytes, streams and text where they are asked for', async () => {
    expect(
      await output("const { data } = await nango.get({ endpoint: '/', responseType: 'arraybuffer' }); return [Buffer.isBuffer(data), data.toString('hex')]", {
        respond: anImage,
      }),
    ).toEqual([true, '895000ff']);
    expect(
      await output(
        "const all = []; for await (const chunk of (await nango.get({ endpoint: '/', responseType: 'stream' })).data) all.push(chunk); return Buffer.concat(all).toString('base64')",
        { respond: anImage },
      ),
    ).toBe('iVAA/w==');
    expect(await output("return (await nango.get({ endpoint: '/', responseType: 'text' })).data", { respond: () => ({ body: '{"a":1}' }) })).toBe('{"a":1}');
    expect(await output("return (await nango.get({ endpoint: '/' })).data", { respond: () => ({ body: '<html>' }) })).toBe('<html>');
    expect(await output("return (await nango.get({ endpoint: '/' })).data", { respond: () => ({ status: 204, body: '' }) })).toBe('');
  });

  it('throw the axios error that scripts look into', async () => {
    const body =
      "try { await nango.get({ endpoint: '/' }) } catch (error) { return [error.isAxiosError, error.response.status, error.response.data, error.status, error.code, error.message] }";
    expect(await output(body, { respond: aRefusal })).toEqual([
      true,
      422,
      { payload: { field: 'title' } },
      422,
      'ERR_BAD_REQUEST',
      'Request failed with status code 422',
    ]);
    const error = await errorOf("await nango.get({ endpoint: '/' })", { respond: aRefusal });
    expect(error).toEqual({
      code: 'script_http_error',
      message: 'Request failed with status code 422',
      payload: { field: 'title' },
      upstream: { status: 422, headers: { 'content-type': 'application/json', 'x-ratelimit-left': '3' }, body: { payload: { field: 'title' } } },
    });
  });

  it('throw without a response when no answer came', async () => {
    expect(await errorOf("await nango.get({ endpoint: '/' })", { respond: nobody })).toMatchObject({
      code: 'script_network_error',
      payload: { code: 'ENOTFOUND', message: 'The host was not found' },
    });
  });

  it('throw the code that axios has for a connection that broke', async () => {
    const broken: Respond = () => {
      throw Object.assign(new Error('No answer'), { name: 'AppError', code: 'upstream_unreachable', payload: { code: 'UND_ERR_SOCKET' } });
    };
    expect(await output("return await nango.get({ endpoint: '/' }).catch((error) => error.code)", { respond: broken })).toBe('ECONNRESET');
  });

  it('need an endpoint', async () => {
    expect((await errorOf('await nango.get({})')).message).toBe('A call needs an endpoint');
  });
});

describe('errors a script ends with', () => {
  it.each([
    ["throw new nango.ActionError({ reason: 'no' })", { code: 'action_script_runtime_error', payload: { reason: 'no' } }],
    ["throw new nango.ActionError('no')", { code: 'action_script_runtime_error', payload: { message: 'no' } }],
    ['throw new nango.ActionError([1])', { code: 'action_script_runtime_error', payload: { message: [1] } }],
    [
      "throw new TypeError('wrong')",
      { code: 'script_internal_error', message: 'wrong', payload: expect.objectContaining({ name: 'TypeError', message: 'wrong' }) },
    ],
    ["throw 'text'", { code: 'script_internal_error', payload: expect.objectContaining({ value: 'text' }) }],
    ['throw undefined', { code: 'script_internal_error' }],
    ['null.x', { code: 'script_internal_error' }],
    ['await nango.batchSave([{ id: 1 }], "Issue")', { code: 'script_method_unavailable', message: 'nango.batchSave() is available in syncs only' }],
  ])('%s', async (body, expected) => {
    expect(await errorOf(body)).toMatchObject(expected);
  });

  it('are cut when they are large', async () => {
    const { payload } = await errorOf('throw new nango.ActionError({ text: "x".repeat(1_000_000), list: Array.from({ length: 10_000 }, (_, n) => n) })');
    expect(JSON.stringify(payload).length).toBeLessThan(70_000);
    expect(JSON.stringify(payload)).toContain('truncated');
  });

  it('name the line of the script', async () => {
    const { payload } = await errorOf("\n\nthrow new Error('here')");
    expect(payload).toMatchObject({ stack: [expect.stringMatching(/script\.js:3:/)] });
  });

  it('also come from a timer; a rejection nobody handled is only logged', async () => {
    expect(await errorOf("setTimeout(() => { throw new Error('late') }, 10); await new Promise((resolve) => setTimeout(resolve, 500))")).toMatchObject({
      message: 'late',
    });
    const { outcome, heard } = await run("void Promise.reject(new Error('forgotten')); await new Promise((resolve) => setTimeout(resolve, 50)); return 1");
    expect(outcome).toEqual({ kind: 'succeeded', output: 1 });
    expect(heard.logs[0]).toMatchObject({ level: 'error', message: expect.stringContaining('forgotten') });
  });
});

describe('saving', () => {
  const sync = { context: { kind: 'sync' } };

  it('goes in chunks of a thousand, and answers true', async () => {
    const { outcome, heard } = await run(
      'const all = Array.from({ length: 2_500 }, (_, id) => ({ id })); if ((await nango.batchSave(all, "Issue")) !== true) throw 1; if ((await nango.batchSave([], "Issue")) !== true) throw 2; await nango.batchUpdate([{ id: "a" }], "Issue"); await nango.batchDelete([{ id: "b" }], "Person")',
      sync,
    );
    expect(outcome.kind).toBe('succeeded');
    expect(heard.saves.map(({ operation, model, records }) => [operation, model, records.length])).toEqual([
      ['save', 'Issue', 1000],
      ['save', 'Issue', 1000],
      ['save', 'Issue', 500],
      ['update', 'Issue', 1],
      ['delete', 'Person', 1],
    ]);
  });

  it('hands the record over as it is written, without the platform’s own metadata', async () => {
    const { heard } = await run('await nango.batchSave([{ id: 1, b: undefined, at: new Date(0), _nango_metadata: { cursor: "x" }, a: null }], "Issue")', sync);
    expect(heard.saves[0]?.records).toEqual([{ id: 1, at: '1970-01-01T00:00:00.000Z', a: null }]);
  });

  it.each([
    ['[{ id: 1 }], "Isue"', 'unknown_model', /'Isue' is not an output of 'the-script'\. The declared models are: Issue, Person/],
    ['[{ name: "x" }], "Issue"', 'invalid_record', /position 0 has no 'id'/],
    ['[{ id: 1 }, { id: "" }], "Issue"', 'invalid_record', /position 1 has an 'id' of 0 characters/],
    ['[{ id: "x".repeat(256) }], "Issue"', 'invalid_record', /256 characters/],
    ['[null], "Issue"', 'invalid_record', /is not an object/],
    ['{ id: 1, length: 1 }, "Issue"', 'invalid_record', /takes a list/],
    ['[{ id: 1, n: 1n }], "Issue"', 'invalid_record', /cannot be written as JSON/],
  ])('refuses batchSave(%s)', async (args, code, message) => {
    const { outcome, heard } = await run(`await nango.batchSave(${args})`, sync);
    expect(outcome).toMatchObject({ kind: 'failed', error: { code, message: expect.stringMatching(message) } });
    expect(heard.saves).toEqual([]);
  });

  it('logs each id that stood in a batch more than once, whatever the save answered', async () => {
    const { broker, heard } = aBroker();
    const code = 'exports.default = async (nango) => { await nango.batchSave(["a", "b", 1, "a", "1", "a"].map((id) => ({ id })), "Issue") }';
    const save = async () => ({ added: 1, updated: 0, deleted: 0, unchanged: 0, duplicates: ['b'] });
    await pool.run(aJob(code, { context: { kind: 'sync' }, broker: { ...broker, save } }));
    expect(heard.logs.map(({ level, message }) => [level, message])).toEqual(
      ['a', '1'].map((id) => ['error', `There are duplicate ids in this batch of 'Issue': '${id}'. Only its first record is kept`]),
    );
  });

  it('knows the last sync date', async () => {
    const read = '[nango.lastSyncDate?.toISOString() ?? null, nango.lastSyncDate instanceof Date]';
    const dated = { context: { kind: 'sync', lastSyncDate: '2026-01-02T03:04:05.000Z' } };
    expect((await errorOf(`throw new nango.ActionError({ seen: ${read} })`, dated)).payload).toEqual({ seen: ['2026-01-02T03:04:05.000Z', true] });
    expect((await errorOf(`throw new nango.ActionError({ seen: ${read} })`, sync)).payload).toEqual({ seen: [null, false] });
    expect((await errorOf("await nango.setLastSyncDate(new Date('x'))", sync)).message).toContain('valid date');
  });
});

describe('the connection', () => {
  it('is read once a minute, and again after a write', async () => {
    let reads = 0;
    const { broker } = aBroker();
    const counting = { ...broker, connection: (request: object) => (reads++, broker.connection(request)) };
    const code =
      'exports.default = async (nango) => { await nango.getConnection(); await nango.getMetadata(); await nango.getToken(); await nango.updateMetadata({ a: 1 }); await nango.getMetadata(); await nango.getConnection("other", "c"); return [await nango.getToken(), await nango.getFieldMapping()] }';
    expect(await pool.run(aJob(code, { broker: counting }))).toEqual({ kind: 'succeeded', output: ['token-1', {}] });
    expect(reads).toBe(3);
  });

  it('takes metadata whole or in part', async () => {
    const { heard } = await run('await nango.setMetadata({ a: 1 }); await nango.updateMetadata({ b: 2 }); await nango.setFieldMapping({ c: 3 })');
    expect(heard.metadata).toEqual([
      { mode: 'replace', metadata: { a: 1 } },
      { mode: 'merge', metadata: { b: 2 } },
      { mode: 'replace', metadata: { fieldMapping: { c: 3 } } },
    ]);
    expect(await output('const { data, status } = await nango.updateMetadata({ b: 2 }); return [data, status, (await nango.setMetadata({})).status]')).toEqual([
      { connection_id: 'connection-1', provider_config_key: 'tracker-dev', metadata: { b: 2 } },
      200,
      201,
    ]);
    expect(await errorOf('await nango.setMetadata("x")')).toMatchObject({ code: 'invalid_metadata' });
  });

  it('and the rest of the object', async () => {
    const body =
      'return [nango.connectionId, nango.providerConfigKey, nango.provider, nango.environmentName, nango.getFlowAttributes(), await nango.getEnvironmentVariables(), await nango.triggerAction("k", "c", "act", { a: 1 })]';
    const { outcome, heard } = await run(body);
    expect(outcome).toEqual({
      kind: 'succeeded',
      output: ['connection-1', 'tracker-dev', 'tracker', 'dev', { color: 'red' }, [{ name: 'A', value: 'b' }], { done: true }],
    });
    expect(heard.actions).toEqual([{ providerConfigKey: 'k', connectionId: 'c', actionName: 'act', input: { a: 1 } }]);
  });
});

describe('the log', () => {
  it('takes level and meta as scripts write them', async () => {
    const { heard } = await run(
      "await nango.log('a'); await nango.log('b', { level: 'verbose' }); await nango.log('c', { x: 1 }, { level: 'error' }); await nango.log('d', [1, 2]); await nango.log({ e: 1 }); console.warn('f %s', 1, { g: 2 })",
    );
    expect(heard.logs.map(({ level, message, meta }) => [level, message, meta])).toEqual([
      ['info', 'a', undefined],
      ['debug', 'b', undefined],
      ['error', 'c', { x: 1 }],
      ['info', 'd', { 0: 1, 1: 2 }],
      ['info', '{ e: 1 }', undefined],
      ['warn', 'f 1 { g: 2 }', undefined],
    ]);
  });

  it('drops meta that is too large and says so', async () => {
    const { heard } = await run("await nango.log('big', { text: 'x'.repeat(100_000) })");
    expect(heard.logs).toMatchObject([{ message: 'big... (truncated)' }]);
    expect(heard.logs[0]?.meta).toBeUndefined();
  });
});
