import { Injectable } from '@nestjs/common';
import { AppError, ErrorBody, type ErrorCode, isErrorCode } from 'model';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';

/** A request to another process of the platform. `json` or `bytes` is the body. */
export type InternalRequest = {
  method: 'GET' | 'POST';
  url: string;
  token: string;
  json?: unknown;
  /** Made anew for each try where it is a function. */
  bytes?: Uint8Array | (() => Uint8Array);
  /** Answers that may take their time: an external call with its waits. */
  patient?: boolean;
  /** The answer's body is an external API's, which may break off by itself: reads are then made again, writes are not. */
  relays?: 'read' | 'write';
  /** Ends the waiting, not what has begun at the other side. */
  signal?: AbortSignal;
  /** Called before each further try, for a heartbeat. */
  onRetry?: () => void;
};

export type InternalAnswer = { headers: Record<string, string | string[] | undefined>; body: Uint8Array };

/** How long a process of the platform may be away, or fail without saying why, before a call to it fails. */
const retryForMs: Partial<Record<ErrorCode, number>> = { service_unavailable: 60_000, server_error: 10_000 };
const delaysMs = { first: 50, longest: 2_000 };
const maxBodyBytes = 256_000_000;
/** A body that breaks off this often does so at the external API, not because the proxy was restarted. */
const maxCutReads = 2;
const cutBody = new AppError('upstream_unreachable', { message: 'The answer of the API broke off', payload: { code: 'ECONNRESET' } });

/**
 * Calls orchestrator and proxy, and waits out their restarts: a lost connection, `503` and an unexplained failure are
 * tried again with growing delays. Every request here is safe to repeat: it carries its call id, or changes nothing.
 */
@Injectable()
export class InternalHttp {
  readonly #agent = new Agent({ connections: 128, keepAliveTimeout: 30_000, connect: { timeout: 5_000 }, maxResponseSize: maxBodyBytes });

  /** @throws AppError the other side's own, or `service_unavailable` when it stays away. */
  async send(request: InternalRequest): Promise<InternalAnswer> {
    const startedAt = performance.now();
    let cuts = 0;
    for (let delay = delaysMs.first; ; delay = Math.min(delay * 2, delaysMs.longest)) {
      const failure = await this.#try(request);
      if (!(failure instanceof AppError)) return failure;
      // An external API's own failure has other codes, and no time here.
      const isPassing = performance.now() + delay - startedAt <= (retryForMs[failure.code] ?? 0);
      const isCutRead = failure === cutBody && request.relays === 'read' && ++cuts <= maxCutReads;
      if (!isPassing && !isCutRead) throw failure;
      request.onRetry?.();
      await pause(delay * (0.75 + Math.random() / 2), request.signal);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #try(request: InternalRequest): Promise<InternalAnswer | AppError> {
    try {
      const response = await this.#agent.request(toOptions(request));
      const body = await readBody(response).catch((error: unknown) => {
        if (!request.relays || request.signal?.aborted) throw error;
      });
      if (!body) return cutBody;
      return response.statusCode < 300 ? { headers: response.headers, body } : toError(response.statusCode, body);
    } catch (error) {
      if (request.signal?.aborted) return aborted();
      return new AppError('service_unavailable', { message: 'A part of the platform cannot be reached', cause: error });
    }
  }
}

function toOptions({ method, url, token, json, bytes, patient, signal }: InternalRequest): Dispatcher.RequestOptions {
  const { origin, pathname, search } = new URL(url);
  const body = (typeof bytes === 'function' ? bytes() : bytes) ?? (json === undefined ? null : JSON.stringify(json));
  return {
    origin,
    path: pathname + search,
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === null ? {} : { 'content-type': 'application/json' }) },
    body: body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : body,
    headersTimeout: patient ? 0 : 120_000,
    bodyTimeout: 120_000,
    ...(signal ? { signal } : {}),
  };
}

async function readBody(response: Dispatcher.ResponseData): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk as Uint8Array);
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks);
}

function toError(status: number, body: Uint8Array): AppError {
  const parsed = parseError(body);
  if (!parsed || !isErrorCode(parsed.code))
    return new AppError(status === 503 ? 'service_unavailable' : 'server_error', { message: 'A part of the platform failed' });
  const { code, message, payload } = parsed;
  return new AppError(code, { ...(message === undefined ? {} : { message }), ...(payload === undefined ? {} : { payload }) });
}

function parseError(body: Uint8Array): ErrorBody['error'] | undefined {
  try {
    return ErrorBody.parse(JSON.parse(Buffer.from(body).toString('utf8'))).error;
  } catch {
    return undefined;
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await wait(ms, undefined, signal ? { signal } : {});
  } catch {
    throw aborted();
  }
}

function aborted(): AppError {
  return new AppError('script_aborted', { message: 'The run was aborted' });
}
