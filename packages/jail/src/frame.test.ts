import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader } from './frame.js';

const whole = (...frames: Uint8Array[][]): Buffer => Buffer.concat(frames.flat());

describe('frames between driver and jail', () => {
  it('come out as they went in, however the stream is cut', () => {
    const bytes = whole(encodeFrame({ n: 1 }), encodeFrame({ n: 2, text: 'ü' }, 'body ü'), encodeFrame({ n: 3 }, new Uint8Array([0, 255])));
    for (const size of [1, 3, 7, 64, bytes.length]) {
      const reader = new FrameReader(1_000);
      const frames = [];
      for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.subarray(at, at + size)));
      expect(frames.map(({ head }) => head)).toEqual([{ n: 1 }, { n: 2, text: 'ü' }, { n: 3 }]);
      expect(frames.map(({ body }) => Buffer.from(body).toString('latin1'))).toEqual(['', Buffer.from('body ü').toString('latin1'), '\u0000ÿ']);
    }
  });

  it('are refused by their length, before their bytes have come (E39)', () => {
    const prefix = Buffer.alloc(8);
    prefix.writeUInt32BE(100, 0);
    prefix.writeUInt32BE(100_000_000, 4);
    expect(() => new FrameReader(64_000_000).push(prefix)).toThrow(RangeError);
  });

  it('are refused when their head is no JSON (E39)', () => {
    const prefix = Buffer.alloc(8);
    prefix.writeUInt32BE(4, 0);
    expect(() => new FrameReader(1_000).push(Buffer.concat([prefix, Buffer.from('oops')]))).toThrow(SyntaxError);
  });
});
