import { AuthError } from '../auth-error.js';
import type { AuthResult } from '../auth-result.js';
import type { ServerApi } from '../server-api.js';
import { listenToCallbackChannel, openSessionSocket } from './result-channels.js';
import { authOutcome, type ResultMessage } from './result-message.js';
import { SessionWatch } from './session-watch.js';

interface PopupFlowOptions {
  popup: Window;
  api: ServerApi;
  socketUrl: string;
  /** Address of `/oauth/connect` without the flow's id. */
  connectUrl: string;
  detectsClosedWindow: boolean;
  log: (step: string) => void;
}

/** One OAuth flow in a popup (surface 5.3). The result arrives over socket, poll or channel, whichever is first. */
export class PopupFlow {
  readonly result: Promise<AuthResult>;
  readonly #options: PopupFlowOptions;
  /** Aborted exactly once; socket, timer, polls and channel hang on it. */
  readonly #ended = new AbortController();
  #resolve: (result: AuthResult) => void = () => undefined;
  #reject: (error: AuthError) => void = () => undefined;

  constructor(options: PopupFlowOptions) {
    this.#options = options;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    try {
      this.#start();
    } catch (error) {
      // E.g. a page served over https may not open a socket to an http host.
      this.#fail(new AuthError(error instanceof Error ? error.message : String(error), 'unknown_error'));
    }
  }

  /** Closes the popup and rejects with `window_closed`, unless the flow has ended before. */
  cancel(): void {
    this.#fail(new AuthError('The authorisation was cancelled.', 'window_closed'));
  }

  #start(): void {
    const { popup, api, socketUrl, detectsClosedWindow, log } = this.#options;
    const ended = this.#ended.signal;
    const onResult = (result: ResultMessage): void => this.#finish(result);
    const onError = (error: AuthError): void => this.#fail(error);
    const askStatus = (wsClientId: string, signal: AbortSignal) => api.sessionStatus(wsClientId, signal);
    const watch = new SessionWatch({ popup, detectsClosedWindow, askStatus, onResult, onError, ended });
    let isNamed = false;
    const onClientId = (wsClientId: string): void => {
      if (isNamed) return;
      isNamed = true;
      this.#navigate(wsClientId);
      listenToCallbackChannel(wsClientId, onResult, ended);
      watch.begin(wsClientId);
    };
    const onLost = (): void => {
      log('socket lost');
      watch.socketLost();
    };
    openSessionSocket(socketUrl, { onClientId, onResult, onLost }, ended);
  }

  #navigate(wsClientId: string): void {
    const { popup, connectUrl, log } = this.#options;
    log('the popup opens the authorisation page');
    try {
      popup.location.href = `${connectUrl}&ws_client_id=${encodeURIComponent(wsClientId)}`;
    } catch {
      // Some in-app browsers hand out a window that cannot be navigated.
      this.#fail(new AuthError('The browser does not let this page open the authorisation page.', 'blocked_by_browser'));
    }
  }

  #finish(result: ResultMessage): void {
    const outcome = authOutcome(result);
    this.#end(() => (outcome instanceof AuthError ? this.#reject(outcome) : this.#resolve(outcome)));
  }

  #fail(error: AuthError): void {
    this.#end(() => this.#reject(error));
  }

  #end(settle: () => void): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#options.popup.close();
    this.#options.log('the flow has ended');
    settle();
  }
}
