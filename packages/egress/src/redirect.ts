import { AppError } from 'model';
import type { Answer } from './answer.js';
import { exchange, type OutgoingRequest } from './exchange.js';
import type { EgressGuard } from './guard.js';

/** What another origin may still see: any other header may be a provider's key. */
const harmlessHeaders = new Set(['accept', 'accept-encoding', 'accept-language', 'if-modified-since', 'if-none-match', 'range', 'user-agent']);
const redirects = new Set([301, 302, 303, 307, 308]);
const hopLimit = 5;

/**
 * Sends a request through the guard and follows redirects, checking every hop anew. A change of origin leaves credentials behind,
 * and none may lead from https to http. A redirect that asks for a streamed body again is answered as it is. `onAnswer` hears that the
 * host of the request itself has answered.
 */
export async function sendGuarded(guard: EgressGuard, request: OutgoingRequest, onAnswer?: () => void): Promise<Answer> {
  let current = { ...request, url: guard.check(request.url) };
  for (let hop = 0; ; hop++) {
    const answer = await exchange(guard.dispatcher, current);
    if (hop === 0) onAnswer?.();
    const next = redirects.has(answer.status) ? follow(guard, current, answer) : undefined;
    if (!next) return answer;
    if (hop === hopLimit) throw new AppError('upstream_unreachable', { message: `The API redirected more than ${hopLimit} times` });
    current = next;
  }
}

/** The request of the next hop; the answer that asks for it is of no more use then, nor when it leads where nothing may. */
function follow(guard: EgressGuard, request: OutgoingRequest, answer: Answer): OutgoingRequest | undefined {
  try {
    const next = nextHop(guard, request, answer);
    if (next) answer.discard();
    return next;
  } catch (error) {
    answer.discard();
    throw error;
  }
}

function nextHop(guard: EgressGuard, request: OutgoingRequest, { status, headers }: Answer): OutgoingRequest | undefined {
  if (!headers.location) return undefined;
  const becomesGet = status === 303 ? request.method !== 'HEAD' : status < 303 && request.method === 'POST' && !request.keepsMethod;
  const replayable = request.body === null || request.body instanceof Uint8Array;
  if (!becomesGet && !replayable) return undefined;
  const url = guard.check(headers.location, request.url);
  if (request.url.protocol === 'https:' && url.protocol === 'http:')
    throw new AppError('url_not_allowed', { message: `The API at '${request.url.host}' redirected from https to http` });
  const free = mayKeepAll(request, url) ? Object.keys(request.headers) : (request.travellingHeaders ?? []);
  const kept = Object.entries(request.headers).filter(([name]) => mayTravel(name, free, becomesGet));
  return { ...request, url, headers: Object.fromEntries(kept), ...(becomesGet ? { method: 'GET', body: null } : {}) };
}

function mayKeepAll({ url: from, credentialsTravel }: OutgoingRequest, to: URL): boolean {
  return to.origin === from.origin || credentialsTravel === true;
}

function mayTravel(name: string, free: readonly string[], becomesGet: boolean): boolean {
  const header = name.toLowerCase();
  if (header === 'host' || (becomesGet && ofBody(header))) return false;
  return harmlessHeaders.has(header) || ofBody(header) || free.includes(name);
}

function ofBody(header: string): boolean {
  return header.startsWith('content-') || header === 'transfer-encoding';
}
