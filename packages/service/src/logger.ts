import { pino } from 'pino';

type Fields = Record<string, unknown>;

/** Writes events, not prose: `log.info('sync.finished', { syncId, added, ms })`. */
export interface Logger {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  /** Put what was thrown under `error`; it is written without its payload. */
  error(event: string, fields?: Fields): void;
  fatal(event: string, fields?: Fields): void;
  /** A logger whose lines all carry these fields. */
  child(fields: Fields): Logger;
}

/** Injection token of the process's {@link Logger}. */
export const LOGGER = Symbol('Logger');

const secretNames = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'apiKey',
  'api_key',
  'access_token',
  'refresh_token',
  'client_secret',
  'credentials',
  'secretKey',
];
const redact = { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' };

/** A JSON logger on standard output. Level from `LOG_LEVEL`; fields with a secret's name are redacted. */
export function createLogger(name: string, options: { level?: string; stream?: { write(line: string): void } } = {}): Logger {
  const level = options.level ?? process.env['LOG_LEVEL'] ?? 'info';
  const settings = { name, level, redact, base: { name }, serializers: { error: describeError } };
  return wrap(options.stream ? pino(settings, options.stream) : pino(settings));
}

function wrap(target: ReturnType<typeof pino>): Logger {
  return {
    debug: (event, fields = {}) => target.debug(fields, event),
    info: (event, fields = {}) => target.info(fields, event),
    warn: (event, fields = {}) => target.warn(fields, event),
    error: (event, fields = {}) => target.error(fields, event),
    fatal: (event, fields = {}) => target.fatal(fields, event),
    child: (fields) => wrap(target.child(fields)),
  };
}

/** What may be written of a thrown value: its kind, code, message and stack, and the same of its causes; no other property. */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: typeof error === 'string' ? error : typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const cause = error.cause !== undefined && depth < 3 ? describeError(error.cause, depth + 1) : undefined;
  return { type: error.name, code, message: error.message, stack: error.stack, cause };
}
