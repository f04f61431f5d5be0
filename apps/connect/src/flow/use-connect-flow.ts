import { type AuthResult, Nango } from '@nangohq/frontend';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { endSession } from '../data/api.js';
import { tellHost } from '../data/host-page.js';
import { settings } from '../data/settings.js';
import { ConnectFlow, type FlowState } from './connect-flow.js';

/** A flow for as long as the component is there; it tells the product's page how each attempt ended. */
export function useConnectFlow(token: string): { flow: ConnectFlow; state: FlowState } {
  const [flow] = useState(() => newFlow(token));
  useEffect(() => {
    // A frame that the product takes away leaves no window behind.
    globalThis.addEventListener('pagehide', flow.cancel);
    return () => {
      globalThis.removeEventListener('pagehide', flow.cancel);
      flow.cancel();
    };
  }, [flow]);
  return { flow, state: useSyncExternalStore(flow.subscribe, flow.state) };
}

function newFlow(token: string): ConnectFlow {
  return new ConnectFlow(new Nango({ host: settings.apiUrl, connectSessionToken: token }), {
    onConnected: (result) => {
      tellHost({ type: 'connect', payload: payloadOf(result) });
      // A connection that waits for approval is completed within its session.
      if (!result.isPending) void endSession(token);
    },
    onFailed: ({ code, message }) => tellHost({ type: 'error', payload: { errorType: code, errorMessage: message } }),
  });
}

function payloadOf({ providerConfigKey, connectionId, isPending }: AuthResult) {
  return { providerConfigKey, connectionId, ...(isPending ? { isPending } : {}) };
}
