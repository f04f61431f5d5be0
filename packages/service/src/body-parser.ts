import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { AppError } from 'model';

/** A body handed to the controller as it comes, for every content type: whole, or as the stream itself (of which no limit is checked). */
export type RawBody = { path: string | RegExp; as: 'buffer' | 'stream'; limitBytes?: number };

/** Reads JSON and form bodies of up to `limitBytes`, and those of `raw` paths untouched. An empty body is `undefined`, whatever its type says. */
export function registerBodyParsers(instance: FastifyInstance, limitBytes: number, raw: RawBody[]): void {
  const parse = (kind: keyof typeof parsers) => async (request: FastifyRequest, payload: Readable) => {
    const rule = raw.find(({ path }) => matches(path, request.url));
    if (rule?.as === 'stream') return payload;
    const body = await collect(request, payload, rule?.limitBytes ?? limitBytes);
    if (rule) return body;
    return body.length === 0 ? undefined : parsers[kind](body);
  };
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('application/json', parse('json'));
  instance.addContentTypeParser(/^application\/[a-z0-9.-]+\+json/, parse('json'));
  instance.addContentTypeParser('application/x-www-form-urlencoded', parse('form'));
  instance.addContentTypeParser('*', parse('other'));
}

const parsers = {
  json: (body: Buffer): unknown => {
    try {
      return JSON.parse(body.toString('utf8'), dropProto);
    } catch {
      throw new AppError('invalid_json', { message: 'The body is not valid JSON' });
    }
  },
  form: (body: Buffer): unknown => Object.fromEntries(new URLSearchParams(body.toString('utf8'))),
  other: (): never => {
    throw new AppError('unsupported_media_type', { message: 'Send application/json' });
  },
};

function matches(path: string | RegExp, url: string): boolean {
  const own = url.split('?', 1)[0] ?? '';
  return typeof path === 'string' ? own === path : path.test(own);
}

async function collect(request: FastifyRequest, payload: Readable, limitBytes: number): Promise<Buffer> {
  const tooLarge = (): AppError => new AppError('body_too_large', { message: `The body may have ${limitBytes} bytes` });
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length); // one chunk was counted
}

// A "__proto__" of a body becomes the prototype of whatever it is merged into.
function dropProto(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}
