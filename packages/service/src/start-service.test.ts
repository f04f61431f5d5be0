import { Body, Controller, Get, Module, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { AppError } from 'model';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createLogger } from './logger.js';
import { INTERNAL_KEY, requireService } from './require-service.js';
import { serviceToken } from './service-token.js';
import { type RunningService, startService } from './start-service.js';

const Note = z.object({ text: z.string().min(1), tags: z.array(z.string()).default([]) });
const key = 'an internal key of the tests';
const lines: string[] = [];
let slow: (() => void) | null = null;

@Controller()
class NoteController {
  @Post('notes')
  add(@Body({ schema: Note }) note: unknown) {
    return { note };
  }

  @Get('notes')
  list(@Query({ schema: z.object({ limit: z.coerce.number().int() }) }) query: unknown) {
    return { query };
  }

  @Get('notes/:id')
  get(@Param('id') id: string): never {
    if (id === 'boom') throw new Error('a password: hunter2');
    if (id === 'unstorable') throw Object.assign(new Error('a password: hunter2'), { meta: { driverAdapterError: { cause: { originalCode: '22P05' } } } });
    throw new AppError('unknown_connection', { message: `No note '${id}'`, payload: { id } });
  }

  @Post('whole')
  whole(@Body() body: Buffer) {
    return { buffer: Buffer.isBuffer(body), length: body.length };
  }

  @Post('stream/:name')
  async stream(@Req() request: { body: Readable }) {
    let length = 0;
    for await (const chunk of request.body) length += (chunk as Buffer).length;
    return { length };
  }

  @Get('versions/:version')
  version(@Param('version', { schema: z.coerce.number() }) version: number) {
    return { version };
  }

  @Get('slow')
  async slow() {
    await new Promise<void>((resolve) => (slow = resolve));
    return { slow: true };
  }

  @Get('inside')
  @UseGuards(requireService('runner'))
  inside() {
    return { ok: true };
  }
}

@Module({ controllers: [NoteController], providers: [{ provide: INTERNAL_KEY, useValue: key }] })
class NoteModule {}

describe('a service', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService({
      name: 'notes',
      module: NoteModule,
      port: 0,
      logger: createLogger('notes', { stream: { write: (line) => void lines.push(line) } }),
      bodyLimitBytes: 1_000,
      rawBodies: [
        { path: '/whole', as: 'buffer', limitBytes: 5_000 },
        { path: /^\/stream\//, as: 'stream' },
      ],
    });
  });
  afterAll(() => service.close());

  const call = async (path: string, init?: RequestInit) => {
    const answer = await fetch(`${service.url}${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const asking = (token?: string) => call('/inside', token ? { headers: { authorization: `Bearer ${token}` } } : {});
  const post = (path: string, body: string, type = 'application/json') => call(path, { method: 'POST', body, headers: { 'content-type': type } });

  it('is healthy when it listens', async () => {
    expect(await call('/health')).toEqual({ status: 200, body: { result: 'ok' } });
  });

  it('hands a valid body on as the schema made it', async () => {
    expect(await post('/notes', '{"text":"a","__proto__":{"x":1}}')).toEqual({ status: 201, body: { note: { text: 'a', tags: [] } } });
  });

  it('names what is wrong with a body', async () => {
    expect(await post('/notes', '{"text":5}')).toEqual({
      status: 400,
      body: {
        error: {
          code: 'invalid_body',
          message: 'text: Invalid input: expected string, received number',
          errors: [{ code: 'invalid_type', message: 'Invalid input: expected string, received number', path: ['text'] }],
        },
      },
    });
  });

  it('treats an absent and an empty body as one without fields', async () => {
    expect((await call('/notes', { method: 'POST' })).body).toMatchObject({ error: { code: 'invalid_body', errors: [{ path: ['text'] }] } });
    expect((await post('/notes', '')).body).toMatchObject({ error: { code: 'invalid_body', errors: [{ path: ['text'] }] } });
  });

  it('tells a bad query from a bad body', async () => {
    expect((await call('/notes?limit=many')).body).toMatchObject({ error: { code: 'invalid_query_params', errors: [{ path: ['limit'] }] } });
    expect((await call('/notes?limit=5')).body).toEqual({ query: { limit: 5 } });
  });

  it('names the part of a path that is wrong', async () => {
    expect((await call('/versions/7')).body).toEqual({ version: 7 });
    expect((await call('/versions/new')).body).toMatchObject({
      error: { code: 'invalid_uri_params', message: expect.stringMatching(/^version: /), errors: [{ path: ['version'] }] },
    });
  });

  it.each([
    ['/notes/a%00b', 'invalid_uri_params', ['id']],
    ['/notes?text=a%00', 'invalid_query_params', ['text']],
    ['/notes?text=a&text=%00', 'invalid_query_params', ['text']],
  ])('refuses a NUL character in %s', async (path, code, place) => {
    expect(await call(path)).toMatchObject({ status: 400, body: { error: { code, errors: [{ path: place }] } } });
  });

  it.each([
    ['broken JSON', () => post('/notes', '{"text":'), 400, 'invalid_json'],
    ['a body over the limit', () => post('/notes', JSON.stringify({ text: 'x'.repeat(2_000) })), 413, 'body_too_large'],
    ['a body of another type', () => post('/notes', 'x', 'text/csv'), 415, 'unsupported_media_type'],
    ['an unknown route', () => call('/nowhere'), 404, 'not_found'],
    ['a malformed URL', () => call('/notes/%E0%A4%A'), 400, 'invalid_uri_params'],
  ])('answers %s with its code', async (_, ask, status, code) => {
    expect(await ask()).toMatchObject({ status, body: { error: { code } } });
  });

  it('answers our errors with code, message and payload', async () => {
    expect(await call('/notes/n1')).toEqual({ status: 404, body: { error: { code: 'unknown_connection', message: "No note 'n1'", payload: { id: 'n1' } } } });
  });

  it('answers an unknown failure without its text, and logs it', async () => {
    expect(await call('/notes/boom')).toEqual({ status: 500, body: { error: { code: 'server_error', message: 'server error' } } });
    expect(lines.map((line) => JSON.parse(line) as { msg: string })).toContainEqual(expect.objectContaining({ msg: 'request.failed', path: '/notes/boom' }));
  });

  it('answers text that the database refuses as the request’s mistake, and notes it', async () => {
    expect(await call('/notes/unstorable')).toMatchObject({ status: 400, body: { error: { code: 'invalid_body', message: expect.stringContaining('NUL') } } });
    const noted = lines.map((line) => JSON.parse(line) as { msg: string; level: number });
    expect(noted).toContainEqual(expect.objectContaining({ msg: 'request.unstorable_text', level: 40, path: '/notes/unstorable' }));
  });

  it('hands raw bodies on whole or as a stream, whatever their type', async () => {
    expect((await post('/whole', '[1, 2]')).body).toEqual({ buffer: true, length: 6 });
    expect((await post('/whole', 'x'.repeat(6_000))).body).toMatchObject({ error: { code: 'body_too_large' } });
    expect((await post('/stream/a', 'x'.repeat(60_000), 'text/csv')).body).toEqual({ length: 60_000 });
  });

  it('refuses a body that lies about its length being small', async () => {
    const { port } = new URL(service.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write('POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
        socket.write(`800\r\n${'x'.repeat(0x800)}\r\n0\r\n\r\n`);
      });
      socket.on('data', (data) => (resolve(data.toString()), socket.destroy()));
    });
    expect(answer).toContain('413');
  });

  it('ends soon after its last answer, though its clients would keep their connections', async () => {
    const closing = await startService({ name: 'closing', module: NoteModule, port: 0, logger: createLogger('closing', { level: 'silent' }) });
    const answer = fetch(`${closing.url}/slow`).then((response) => response.text());
    await vi.waitFor(() => expect(slow).not.toBeNull());
    const startedAt = performance.now();
    const closed = closing.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    slow?.();
    expect(await answer).toBe('{"slow":true}');
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('opens its inside routes to the roles they name alone', async () => {
    expect(await asking(serviceToken(key, 'runner'))).toEqual({ status: 200, body: { ok: true } });
    expect(await asking()).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
    expect(await asking(serviceToken('another internal key', 'runner'))).toMatchObject({ status: 401 });
    expect(await asking(serviceToken(key, 'server'))).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  });
});
