import { randomUUID } from 'node:crypto';
import { type AppError, isAppError, type Operation } from 'model';
import { failureOf, isAbandoned } from '../call/outcome.js';
import type { LoggedCall } from './call-log.repository.js';
import type { CallTrace } from './call-trace.js';
import type { Unlogged } from './failure-sampling.js';
import { redactedText, redactedUrl, secretsOfTarget } from './redact.js';

/** Whose call it is. `secrets` are looked for only when the call is kept. */
export type CallAbout = {
  environmentId: number;
  integration: string | null;
  connectionId: string | null;
  executionId: string | null;
  method: string;
  endpoint: string;
  originOnly: boolean;
  secrets: () => string[];
};

/** How a call ended: with an answer of this status, whole unless there is an error too, or without one. */
export type CallEnd = { status?: number | undefined; error?: unknown };

/** A call that has come to its end: of whom, how, when, and how long its head took. */
export type EndedCall = { about: CallAbout; trace: CallTrace; end: CallEnd; headMs?: number; now: number };

const longestTitle = 200;

/** Whether the log keeps it whatever share of good calls it keeps: no answer, a broken one, or one that says no. */
export function isFailed({ status, error }: CallEnd): boolean {
  if (error !== undefined) return !isAbandoned(error);
  return status === undefined || status >= 400;
}

/** What failed calls have in common of which a reader needs to see only some. */
export function kindOfFailure({ about: { integration, connectionId }, end: { status, error } }: EndedCall): string {
  return JSON.stringify([integration, connectionId, status, isAppError(error) ? error.code : error !== undefined]);
}

/** A call as the log tells it. Nothing of a credential, of headers or of bodies is in it. */
export function logEntry({ about, trace, end, headMs, now }: EndedCall, unlogged?: Unlogged): LoggedCall {
  const secrets = [...about.secrets(), ...(trace.renewed ? secretsOfTarget(trace.renewed) : [])];
  const url = shownUrl(about, trace, secrets);
  const failure = end.error === undefined ? undefined : reasonOf(end.error);
  const totalMs = now - trace.startedAt;
  const meta = { method: about.method, url, status: end.status ?? null, ...(failure ? { error: failure.code } : {}), attempts: trace.attempts };
  return {
    id: randomUUID(),
    environmentId: about.environmentId,
    title: `${about.method} ${url.split('?', 1)[0] ?? ''}`.slice(0, longestTitle),
    status: statusOf(end),
    integration: about.integration,
    connectionId: about.connectionId,
    executionId: about.executionId,
    startedAt: new Date(trace.startedAt),
    endedAt: new Date(now),
    level: isFailed(end) ? 'error' : 'info',
    message: sentence(`${about.method} ${url}`, end, failure) + alsoFailed(unlogged),
    meta: {
      ...meta,
      retries: Math.max(0, trace.attempts - 1),
      headMs: headMs ?? null,
      totalMs,
      ...(unlogged?.notLogged ? { notLogged: unlogged.notLogged } : {}),
    },
  };
}

function shownUrl({ endpoint, originOnly }: CallAbout, { url }: CallTrace, secrets: string[]): string {
  if (originOnly) return (url ?? URL.parse(endpoint))?.origin ?? 'no URL';
  return url ? redactedUrl(url, secrets) : redactedText(endpoint.split('?', 1)[0] ?? '', secrets);
}

function statusOf(end: CallEnd): Operation['status'] {
  if (isAbandoned(end.error)) return 'cancelled';
  return isFailed(end) ? 'failed' : 'success';
}

function sentence(call: string, { status, error }: CallEnd, failure: { code: string; message: string } | undefined): string {
  if (isAbandoned(error)) return `${call}: the caller left before the end`;
  if (status !== undefined && failure) return `${call} answered ${status}, and broke off: ${failure.code}`;
  return failure ? `${call} got no answer: ${failure.message}` : `${call} answered ${status}`;
}

function alsoFailed(unlogged: Unlogged | undefined): string {
  if (!unlogged || unlogged.notLogged === 0) return '';
  return `; ${unlogged.notLogged} more ${unlogged.alike ? 'of the same' : 'failed calls'} within a second are not logged`;
}

/** Messages of ours alone: those of others may quote headers. */
function reasonOf(error: unknown): Pick<AppError, 'code' | 'message'> {
  return isAppError(error) ? error : failureOf(error);
}
