import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** A request that reached the evil server, with its whole body. */
export type EvilRequest = { method: string; path: string; query: URLSearchParams; headers: IncomingHttpHeaders; body: string };

/** How one request is answered. */
export type EvilAnswer = (request: EvilRequest, response: ServerResponse) => void;

/** A token answer that is all right, with whatever else it should say. */
export function tokens(more: Record<string, unknown> = {}): EvilAnswer {
  return asJson(200, { access_token: 'evil-access-token', token_type: 'Bearer', ...more });
}

/** JSON under its usual type. */
export function asJson(status: number, body: unknown, headers: Record<string, string> = {}): EvilAnswer {
  return asText(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** Exactly this text; no content type unless one is given. */
export function asText(text: string | Buffer, { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {}): EvilAnswer {
  return (_, response) => void response.writeHead(status, headers).end(text);
}

/** A page instead of an answer, with a script that would run if somebody showed it. */
export function htmlPage(status = 200): EvilAnswer {
  return asText('<!doctype html><html><body><script>alert(document.cookie)</script><h1>Welcome</h1></body></html>', {
    status,
    headers: { 'content-type': 'text/html' },
  });
}

/** Bytes that are nothing. */
export function garbage(): EvilAnswer {
  return asText(Buffer.from([0x1f, 0x8b, 0xff, 0x00, 0xfe, 0x7b, 0x22]), { headers: { 'content-type': 'application/json' } });
}

/** Sends the caller, and with 307 its body, somewhere else. */
export function redirectTo(url: string, status = 307): EvilAnswer {
  return (_, response) => void response.writeHead(status, { location: url }).end();
}

/** More than anybody should read. */
export function giantBody(bytes = 10 * 1024 * 1024): EvilAnswer {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"access_token":"evil-access-token","padding":"');
    response.end(`${'x'.repeat(bytes)}"}`);
  };
}

/** A byte now and then, until the other side gives up. */
export function slowBody(everyMs = 250): EvilAnswer {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), everyMs);
    response.on('close', () => clearInterval(timer));
  };
}

/** Too many requests. */
export function tooMany(retryAfterS: number): EvilAnswer {
  return asJson(429, { error: 'slow_down' }, { 'retry-after': String(retryAfterS) });
}

/** An OAuth error, as RFC 6749 5.2 has it. */
export function oauthError(error: string, description?: string): EvilAnswer {
  return asJson(400, { error, ...(description === undefined ? {} : { error_description: description }) });
}
