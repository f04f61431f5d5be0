import { gunzipSync, gzipSync, Inflate } from 'fflate';
import { Transform } from 'node:stream';

const bytesOf = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? Buffer.from(data) : data);

/** What libraries use of `node:zlib`, in JavaScript. */
export const zlib = {
  createInflateRaw(): Transform {
    const inflate = new Inflate();
    return new Transform({
      construct(this: Transform, done: () => void) {
        inflate.ondata = (chunk: Uint8Array) => void this.push(Buffer.from(chunk));
        done();
      },
      transform(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void) {
        attempt(() => inflate.push(chunk), done);
      },
      flush(done: (error?: Error) => void) {
        attempt(() => inflate.push(new Uint8Array(0), true), done);
      },
    });
  },
  gzipSync: (data: string | Uint8Array): Buffer => Buffer.from(gzipSync(bytesOf(data))),
  gunzipSync: (data: Uint8Array): Buffer => Buffer.from(gunzipSync(data)),
};

function attempt(step: () => void, done: (error?: Error) => void): void {
  try {
    step();
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)));
  }
  done();
}
