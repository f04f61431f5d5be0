import type { ExecutionError } from 'model';
import type { HttpResponse } from '../http/response.js';
import { ActionError, NangoError } from './nango-error.js';
import { cutText, fitPayload } from './truncate.js';

const maxMessage = 10_000;
const maxBody = 16_000;

/** Turns whatever a script threw into the run's error (surface 1.4). Never throws, whatever the value does when it is read. */
export function classify(thrown: unknown): ExecutionError {
  try {
    return { ...classified(thrown) };
  } catch {
    return { code: 'script_internal_error', message: 'The script threw a value that cannot be read' };
  }
}

function classified(thrown: unknown): ExecutionError {
  if (thrown instanceof ActionError) return { code: thrown.type, message: cutText(thrown.message, maxMessage), payload: fitPayload(thrown.payload) };
  if (thrown instanceof NangoError) return withPayload({ code: thrown.code, message: cutText(thrown.message, maxMessage) }, thrown.payload);
  if (isHttpError(thrown)) return thrown.response ? fromResponse(thrown.message, thrown.response) : network(thrown);
  if (thrown instanceof Error) return fromError(thrown);
  return fromValue(thrown);
}

function fromResponse(message: string, response: HttpResponse): ExecutionError {
  const { data } = response;
  const payload = isObject(data) && data['payload'] !== undefined ? data['payload'] : data;
  const upstream = { status: response.status, headers: tellingHeaders(response.headers), body: fitBody(data) };
  return {
    code: 'script_http_error',
    message: cutText(message, maxMessage),
    payload: isObject(payload) ? fitPayload(payload) : { message: fitBody(payload) },
    upstream,
  };
}

/** Only the headers that explain a failure, and none that may carry a secret. */
function tellingHeaders(headers: HttpResponse['headers']): Record<string, string> {
  const telling = Object.entries(headers).filter(([name]) => name === 'content-type' || name.startsWith('x-rate') || name.startsWith('ratelimit'));
  return Object.fromEntries(telling.map(([name, value]) => [name, String(value)]));
}

function network(error: Error & { code?: unknown }): ExecutionError {
  const message = cutText(error.message, maxMessage);
  return { code: 'script_network_error', message, payload: { name: error.name, code: error.code ?? null, message } };
}

function fromError(error: Error & { code?: unknown }): ExecutionError {
  const message = cutText(String(error.message), maxMessage);
  const code =
    error instanceof RangeError && /allocation failed|invalid array (buffer )?length/i.test(message) ? 'script_out_of_memory' : 'script_internal_error';
  const stack = stackLines(error.stack);
  return { code, message, payload: { name: String(error.name), code: scalar(error.code), message, ...(stack.length > 0 ? { stack } : {}) } };
}

function fromValue(thrown: unknown): ExecutionError {
  const message = cutText(isObject(thrown) && typeof thrown['message'] === 'string' ? thrown['message'] : describe(thrown), maxMessage);
  return {
    code: 'script_internal_error',
    message,
    payload: { name: 'Error', code: null, message, value: fitPayload(thrown), stack: stackLines(new Error(message).stack) },
  };
}

function describe(thrown: unknown): string {
  return typeof thrown === 'object' ? `The script threw ${JSON.stringify(fitPayload(thrown))}` : `The script threw ${String(thrown)}`;
}

/** The script's own frames; those of the platform say nothing to its author. */
function stackLines(stack: unknown): string[] {
  if (typeof stack !== 'string') return [];
  const frames = stack.split('\n').filter((line) => line.startsWith('    at ') && line.includes('script.js'));
  return frames.slice(0, 5).map((line) => cutText(line.trim(), 300));
}

function withPayload(error: ExecutionError, payload: unknown): ExecutionError {
  return payload === undefined || payload === null ? error : { ...error, payload: fitPayload(payload) };
}

function fitBody(body: unknown): unknown {
  if (body instanceof Uint8Array) return `(${body.byteLength} bytes)`;
  return typeof body === 'string' ? cutText(body, maxBody) : fitPayload(body);
}

function scalar(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Scripts rethrow copies of these errors, so the mark counts, not the class. */
function isHttpError(value: unknown): value is Error & { code?: unknown; response?: HttpResponse } {
  return isObject(value) && value['isAxiosError'] === true;
}
