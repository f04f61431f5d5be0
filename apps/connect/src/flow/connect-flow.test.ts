import { AuthError, type AuthResult } from '@nangohq/frontend';
import { describe, expect, it } from 'vitest';
import { type Attempt, type ConnectClient, ConnectFlow } from './connect-flow.js';
import type { Failure } from './failure.js';

const popup: Attempt = { integrationKey: 'shop', method: 'auth', options: { params: { subdomain: 'acme' } }, opensWindow: true };
const form: Attempt = { integrationKey: 'key', method: 'create', options: {}, opensWindow: false };
const made: AuthResult = { providerConfigKey: 'shop', connectionId: 'c1', ok: true };
/** After what was settled has been handled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A client whose calls end when the test says so. */
function aClient() {
  const calls: { method: string; args: unknown[]; resolve: (result: AuthResult) => void; reject: (error: Error) => void }[] = [];
  let cleared = 0;
  const call =
    (method: string) =>
    (...args: unknown[]): Promise<AuthResult> =>
      new Promise((resolve, reject) => void calls.push({ method, args, resolve, reject }));
  const clear = (): void => {
    cleared += 1;
    for (const { reject } of calls) reject(new AuthError('cancelled', 'window_closed'));
  };
  const client: ConnectClient = { auth: call('auth'), create: call('create'), reconnect: call('reconnect'), clear };
  return { client, calls, cleared: () => cleared };
}

function aFlow() {
  const fake = aClient();
  const told: (AuthResult | Failure)[] = [];
  const flow = new ConnectFlow(fake.client, { onConnected: (result) => void told.push(result), onFailed: (failure) => void told.push(failure) });
  const steps: string[] = [];
  flow.subscribe(() => void steps.push(flow.state().step));
  return { ...fake, flow, told, steps };
}

describe('a flow', () => {
  it('asks the client before it returns, so that the click still counts, and ends connected', async () => {
    const { flow, calls, told, steps } = aFlow();
    flow.start(popup);
    expect(calls).toMatchObject([{ method: 'auth', args: ['shop', popup.options] }]);
    calls[0]?.resolve(made);
    await settled();
    expect([steps, told, flow.state()]).toEqual([['waiting', 'connected'], [made], { step: 'connected', isPending: false }]);
  });

  it('without a window is sending', () => {
    const { flow, calls } = aFlow();
    flow.start(form);
    expect([flow.state().step, calls[0]?.method]).toEqual(['sending', 'create']);
  });

  it('tells a connection that waits for approval apart', async () => {
    const { flow, calls } = aFlow();
    flow.start(popup);
    calls[0]?.resolve({ ...made, isPending: true });
    await settled();
    expect(flow.state()).toEqual({ step: 'connected', isPending: true });
  });

  it('can be tried again after a failure, with the same values', async () => {
    const { flow, calls, told } = aFlow();
    flow.start(popup);
    calls[0]?.reject(new AuthError('closed', 'window_closed'));
    await settled();
    expect(flow.state()).toMatchObject({ step: 'failed', failure: { kind: 'closed' }, opensWindow: true });
    flow.restart();
    expect([flow.state().step, calls[1]?.args, told.length]).toEqual(['waiting', calls[0]?.args, 1]);
  });

  it('opens the window again and hears nothing more of the first one', async () => {
    const { flow, calls, told, cleared } = aFlow();
    flow.start(popup);
    flow.restart();
    await settled();
    expect([flow.state().step, told, cleared()]).toEqual(['waiting', [], 2]);
    calls[1]?.resolve(made);
    await settled();
    expect(told).toEqual([made]);
  });

  it('that was cancelled is as it was before, and says nothing', async () => {
    const { flow, told } = aFlow();
    flow.start(popup);
    flow.cancel();
    await settled();
    expect([flow.state(), told]).toEqual([{ step: 'idle' }, []]);
  });
});
