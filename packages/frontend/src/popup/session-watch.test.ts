import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuthError } from '../auth-error.js';
import type { SessionStatus } from '../server-api.js';
import { SessionWatch } from './session-watch.js';

const result = { message_type: 'success', provider_config_key: 'api', connection_id: 'made' } as const;

describe('the watch over a popup flow', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const aWatch = ({ detectsClosedWindow = false, isNamed = true } = {}) => {
    const ended = new AbortController();
    const popup = { closed: false };
    const seen = { polls: 0, outcome: undefined as unknown };
    const server: { status: SessionStatus | Error } = { status: { status: 'redirected' } };
    const askStatus = async (): Promise<SessionStatus> => {
      seen.polls += 1;
      if (server.status instanceof Error) throw server.status;
      return server.status;
    };
    const end = (outcome: unknown): void => {
      seen.outcome = outcome;
      ended.abort();
    };
    const watch = new SessionWatch({ popup, detectsClosedWindow, askStatus, onResult: end, onError: ({ type }: AuthError) => end(type), ended: ended.signal });
    if (isNamed) watch.begin('id');
    return { popup, seen, server, watch, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
  };

  it('polls every two seconds, and every half second once the socket is lost', async () => {
    const { seen, watch, pass } = aWatch();
    await pass(10_000);
    expect(seen.polls).toBe(5);
    watch.socketLost();
    await pass(10_000);
    expect(seen.polls).toBe(25);
  });

  it('polls a popup that was left behind fast for a minute only', async () => {
    const { popup, seen, pass } = aWatch();
    popup.closed = true;
    await pass(60_000);
    const fast = seen.polls;
    expect(fast).toBeGreaterThan(115);
    await pass(60_000);
    expect(seen.polls - fast).toBeLessThan(35);
  });

  it('takes the result of a poll, and polls no more', async () => {
    const { seen, server, pass } = aWatch();
    server.status = { status: 'finished', result };
    await pass(60_000);
    expect(seen).toEqual({ polls: 1, outcome: result });
  });

  it('goes on after polls that fail', async () => {
    const { seen, server, pass } = aWatch();
    server.status = new Error('502');
    await pass(4000);
    server.status = { status: 'finished', result };
    await pass(2000);
    expect(seen).toEqual({ polls: 3, outcome: result });
  });

  it('reports within a second that the window was closed before it left', async () => {
    const { popup, seen, server, pass } = aWatch({ detectsClosedWindow: true });
    server.status = { status: 'waiting' };
    await pass(5000);
    expect(seen.outcome).toBeUndefined();
    popup.closed = true;
    await pass(1000);
    expect(seen.outcome).toBe('window_closed');
  });

  it('reports a window that was closed before the server named the flow', async () => {
    const { popup, seen, pass } = aWatch({ detectsClosedWindow: true, isNamed: false });
    popup.closed = true;
    await pass(250);
    expect(seen).toEqual({ polls: 0, outcome: 'window_closed' });
  });

  it.each<SessionStatus>([{ status: 'redirected' }, { status: 'unknown' }])(
    'gives a window that reads closed a minute while the session is %j',
    async (status) => {
      const { popup, seen, server, pass } = aWatch({ detectsClosedWindow: true });
      server.status = status;
      popup.closed = true;
      await pass(59_000);
      expect(seen.outcome).toBeUndefined();
      await pass(1250);
      expect(seen.outcome).toBe('window_closed');
    },
  );

  it('takes a result that comes after the window reads closed', async () => {
    const { popup, seen, server, pass } = aWatch({ detectsClosedWindow: true });
    popup.closed = true;
    await pass(30_000);
    server.status = { status: 'finished', result };
    await pass(500);
    expect(seen.outcome).toEqual(result);
  });

  it('ignores a closed window unless it was asked to notice one, and gives up after ten minutes', async () => {
    const { popup, seen, server, pass } = aWatch();
    server.status = { status: 'waiting' };
    popup.closed = true;
    await pass(599_000);
    expect(seen.outcome).toBeUndefined();
    await pass(1000);
    expect(seen.outcome).toBe('unknown_error');
  });

  it('leaves it to the socket where the server cannot be polled', async () => {
    const { seen, server, watch, pass } = aWatch();
    server.status = { status: 'unknown' };
    await pass(60_000);
    expect(seen).toEqual({ polls: 1, outcome: undefined });
    watch.socketLost();
    expect(seen.outcome).toBe('unknown_error');
  });

  it('fails when the socket is lost before the flow has a name', () => {
    const { seen, watch } = aWatch({ isNamed: false });
    watch.socketLost();
    expect(seen.outcome).toBe('unknown_error');
  });
});
