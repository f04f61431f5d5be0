import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EgressGuard } from './guard.js';
import { parseHostList } from './host-list.js';
import { readIntoBlocks } from './read-blocks.js';
import { sendGuarded } from './redirect.js';

describe('bodies read into blocks that are used again', () => {
  const bodies = Array.from({ length: 12 }, (_, index) => randomBytes(1_000 + index * 97_003));
  let upstream: Server;
  let guard: EgressGuard;
  let url: string;
  beforeAll(async () => {
    upstream = createServer((request, response) => {
      const body = bodies[Number(request.url?.slice(1)) % bodies.length] ?? Buffer.alloc(0);
      // Some with their length, some in pieces of odd sizes with headers of chunks between them.
      if (request.headers['x-pieces']) for (let at = 0; at < body.length; at += 50_001) response.write(body.subarray(at, at + 50_001));
      else response.write(body);
      response.end();
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    guard = new EgressGuard({ allow: parseHostList(host, 'test') });
    url = `http://${host}`;
  });
  afterAll(async () => {
    await guard?.close();
    upstream?.close();
  });

  const digest = (body: Buffer) => createHash('sha256').update(body).digest('hex');
  /** The digest of a body as a reader sees it that looks at each part only when it is done with the one before. */
  const read = async (index: number, headers: Record<string, string>, pauseMs: number, through = guard) => {
    const answer = await sendGuarded(through, { url: new URL(`${url}/${index}`), method: 'GET', headers, body: null });
    const hash = createHash('sha256');
    const reader = new Writable({
      highWaterMark: 200_000,
      write: (chunk: Buffer, _, done) => {
        const take = (): void => (hash.update(chunk), done());
        if (pauseMs) setTimeout(take, pauseMs);
        else take();
      },
    });
    await answer.pipe(reader);
    while (!reader.writableFinished) await wait(1);
    return hash.digest('hex');
  };

  it('arrive as they were sent, whatever is under way beside them and however slowly each is read', { timeout: 60_000 }, async () => {
    const calls = Array.from({ length: 160 }, (_, index) => ({ index, headers: index % 3 ? {} : { 'x-pieces': '1' }, pauseMs: index % 4 ? 0 : 2 }));
    const seen: string[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let call = calls.pop(); call; call = calls.pop()) {
          const expected = digest(bodies[call.index % bodies.length] ?? Buffer.alloc(0));
          if ((await read(call.index, call.headers, call.pauseMs)) !== expected) seen.push(`${call.index}`);
        }
      }),
    );
    expect(seen).toEqual([]);
  });

  it('take memory from the system for a small part of what is read', async () => {
    const blocks = new Set<ArrayBufferLike>();
    const { buffer } = readIntoBlocks;
    readIntoBlocks.buffer = () => {
      const block = buffer();
      blocks.add(block.buffer);
      return block;
    };
    // Its connections are made after the counting began.
    const own = new EgressGuard({ allow: parseHostList(new URL(url).host, 'test') });
    try {
      for (let round = 0; round < 40; round++) await read(11, {}, 0, own);
    } finally {
      readIntoBlocks.buffer = buffer;
      await own.close();
    }
    expect(blocks.size).toBeGreaterThan(0);
    // 40 MB were read; without reuse they would have taken 40 MB.
    expect(blocks.size * 65_536).toBeLessThan(16_000_000);
  });
});
