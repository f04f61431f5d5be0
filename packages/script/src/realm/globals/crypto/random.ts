import { Buffer } from 'buffer/index.js';
import type { Host } from '../../host.js';
import { apply, Bytes } from '../../intrinsics.js';

/** A callback of Node. */
export type Done<T> = (error: Error | null, value?: T) => void;
/** Computes for a caller with or without a callback. */
export type Answer = <T>(done: Done<T> | undefined, compute: () => T) => T | undefined;

const { setFromHex } = Bytes.prototype as unknown as { setFromHex: (hex: string) => unknown };

/** Randomness; every bit of it comes through the run's tape. */
export function makeRandom(host: Host, answer: Answer) {
  const fresh = (size: number): Buffer => fill(host, Buffer.alloc(size));
  const fillPart = <T extends ArrayBufferView | ArrayBuffer>(target: T, offset = 0, size = target.byteLength - offset): T => {
    const [buffer, start] = ArrayBuffer.isView(target) ? [target.buffer, target.byteOffset] : [target, 0];
    if (offset < 0 || size < 0 || offset + size > target.byteLength) throw new RangeError('The offset and the size lie outside of the buffer');
    fill(host, new Bytes(buffer, start + offset, size));
    return target;
  };
  return {
    randomBytes: (size: number, done?: Done<Buffer>) => answer(done, () => fresh(size)),
    randomFillSync: fillPart,
    randomFill: <T extends ArrayBufferView | ArrayBuffer>(target: T, ...rest: unknown[]) => {
      const [offset, size] = rest.filter((item) => typeof item === 'number');
      return answer(asCallback<T>(rest.at(-1)), () => fillPart(target, offset, size));
    },
    randomUUID: () => uuid(fresh(16)),
    randomInt: (...args: unknown[]) => {
      const [first, second] = args.filter((item) => typeof item === 'number');
      const done = args.find((item): item is Done<number> => typeof item === 'function');
      const [min, max] = second === undefined ? [0, first ?? 0] : [first ?? 0, second];
      return answer(done, () => randomInt(fresh(6), min, max));
    },
    getRandomValues: <T extends ArrayBufferView>(array: T): T => fillPart(array),
  };
}

/** The function that callers of a form without a result must pass. */
export function asCallback<T>(value: unknown): Done<T> {
  if (typeof value !== 'function') throw new TypeError('The callback must be a function');
  return value as Done<T>;
}

function fill<T extends Uint8Array>(host: Host, bytes: T): T {
  if (bytes.byteLength > 0) apply(setFromHex, bytes, [host.randomBytes(bytes.byteLength)]);
  return bytes;
}

function uuid(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 48 random bits spread over the range; even enough for any range a script asks for. */
function randomInt(bytes: Buffer, min: number, max: number): number {
  if (!(max > min)) throw new RangeError('The upper bound must be greater than the lower bound');
  return min + Math.floor((bytes.readUIntBE(0, 6) / 2 ** 48) * (max - min));
}
