import { sessionCookie } from '../src/dashboard/session/session-cookie.js';
import type { Answer, Ask, TestServer } from './server.js';

export type Browser = { cookie: string; ask(path: string, ask?: Omit<Ask, 'as'>): Promise<Answer> };

/** A browser in which the server's user is signed in; asks as the web app does, `path` below `/api/v1`. */
export async function aSignedInBrowser(server: TestServer): Promise<Browser> {
  const answer = await server.ask('/api/v1/session', { as: null, method: 'POST', body: server.user });
  const cookie =
    answer.headers
      .getSetCookie()
      .find((line) => line.startsWith(sessionCookie))
      ?.split(';')[0] ?? '';
  return {
    cookie,
    ask: (path, request = {}) =>
      server.ask(`/api/v1${path}`, {
        ...request,
        as: null,
        headers: { 'content-type': 'application/json', cookie, ...request.headers },
        body: bodyFor(request),
      }),
  };
}

function bodyFor({ method = 'GET', body }: Omit<Ask, 'as'>): unknown {
  return method === 'GET' ? undefined : (body ?? {});
}
