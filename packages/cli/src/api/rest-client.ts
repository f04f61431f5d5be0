import { arch, platform, release } from 'node:os';
import { ErrorBody } from 'model';
import { CliError } from '../cli-error.js';
import { version } from '../version.js';
import { getWithBody } from './get-with-body.js';

/** A request the server refused. `status`, `code`, `said` and `payload` are the server's. */
export class RestError extends CliError {
  readonly said: string | undefined;
  readonly payload: unknown;

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    { said, payload, details = [] }: { said?: string | undefined; payload?: unknown; details?: string[] } = {},
  ) {
    super(message, details);
    this.name = 'RestError';
    this.said = said;
    this.payload = payload;
  }
}

type RestRequest = { method?: string; body?: unknown; headers?: Record<string, string>; query?: Record<string, string | undefined> };

/** What is sent as it stands. */
export type Sent = { method?: string; headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> };

/** Speaks the server's public API with an environment's secret key. */
export class RestClient {
  constructor(
    readonly url: string,
    private readonly key: string,
  ) {}

  /** The answer's JSON; null when there is none. Anything outside 2xx is thrown as a {@link RestError}. */
  async json(path: string, { method = 'GET', body, headers, query = {} }: RestRequest = {}): Promise<unknown> {
    const answer = await this.send(`${path}${queryText(query)}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw refusal(`${method} ${path}`, answer.status, text);
    return text === '' ? null : parseJson(text);
  }

  /** Sends as it stands, with the key. Only a server that cannot be reached is thrown. */
  async send(path: string, { method = 'GET', body, ...init }: Sent): Promise<Response> {
    const url = `${this.url}${path}`;
    const headers = { 'user-agent': userAgent(), ...init.headers, authorization: `Bearer ${this.key}` };
    try {
      if (method === 'GET' && body !== undefined) return await getWithBody(url, { headers, body });
      return await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    } catch (error) {
      throw new CliError(
        `Cannot reach the server at ${this.url} (${reason(error)}). Is it running? 'npx pnpm@12 start' starts one; NANGO_HOSTPORT names another one`,
      );
    }
  }
}

function userAgent(): string {
  return `nango-cli/${version} (${platform()}/${release()}; node.js/${process.versions.node}; ${arch()})`;
}

function queryText(query: Record<string, string | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, value);
  return parameters.size > 0 ? `?${parameters.toString()}` : '';
}

function refusal(request: string, status: number, text: string): RestError {
  const body = ErrorBody.safeParse(parseJson(text));
  if (!body.success) return new RestError(status, 'unknown', `${request} was answered with ${status}: ${text.slice(0, 200) || 'no body'}`);
  const { code, message, payload, errors = [] } = body.data.error;
  const details = errors.map(({ path, message: problem }) => `${path.join('.')}: ${problem}`);
  return new RestError(status, code, `${request} was refused with ${status} ${code}${message ? `: ${message}` : ''}`, { said: message, payload, details });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return String(cause);
}
