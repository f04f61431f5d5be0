import type { AuthResult } from './auth-result.js';

/** What the connect page tells the page that shows it (surface 7.2). */
export type ConnectUIEvent =
  | { type: 'ready' }
  | { type: 'close' }
  | { type: 'connect'; payload: AuthResult }
  | { type: 'error'; payload: { errorType: string; errorMessage: string } }
  | { type: 'settings_changed'; payload: Record<string, unknown> };

export interface ConnectUIOptions {
  /** The token of a session that the product's backend opened; may come later through {@link ConnectUI.setSessionToken}. */
  sessionToken?: string;
  /** Where the connect page is. Default: the server's own. */
  baseURL?: string;
  /** Base URL of the server that the page asks. Default: the client's `host`. */
  apiURL?: string;
  onEvent?: (event: ConnectUIEvent) => void;
  detectClosedAuthWindow?: boolean;
  lang?: string;
  themeOverride?: 'light' | 'dark' | 'system';
}

const frameId = 'connect-ui';

/** The connect page in a frame over the whole window. */
export class ConnectUI {
  private readonly page: URL;
  private readonly onEvent: (event: ConnectUIEvent) => void;
  private sessionToken: string | undefined;
  private frame: HTMLIFrameElement | undefined;
  private isReady = false;

  constructor({ sessionToken, onEvent = () => undefined, ...options }: ConnectUIOptions & { baseURL: string; apiURL: string }) {
    this.page = addressOf(options);
    this.sessionToken = sessionToken;
    this.onEvent = onEvent;
  }

  /** Shows the page; another one that is open gives way to it. */
  open(): void {
    document.getElementById(frameId)?.remove();
    this.isReady = false;
    this.frame = document.createElement('iframe');
    this.frame.id = frameId;
    this.frame.src = this.page.href;
    this.frame.title = 'Connect';
    Object.assign(this.frame.style, {
      position: 'fixed',
      inset: '0',
      width: '100vw',
      height: '100dvh',
      border: '0',
      zIndex: '9999',
      background: 'transparent',
    });
    globalThis.addEventListener('message', this.listen);
    document.body.append(this.frame);
  }

  /** Hands the page the session's token, now or as soon as the page is ready. */
  setSessionToken(sessionToken: string): void {
    this.sessionToken = sessionToken;
    if (this.isReady) this.sendToken();
  }

  /** Takes the page away. */
  close(): void {
    globalThis.removeEventListener('message', this.listen);
    this.frame?.remove();
    this.frame = undefined;
  }

  private readonly listen = (message: MessageEvent<ConnectUIEvent | undefined>): void => {
    if (message.source !== this.frame?.contentWindow || message.origin !== this.page.origin || !message.data?.type) return;
    if (message.data.type === 'ready') {
      this.isReady = true;
      this.sendToken();
    }
    if (message.data.type === 'close') this.close();
    this.onEvent(message.data);
  };

  private sendToken(): void {
    if (this.sessionToken) this.frame?.contentWindow?.postMessage({ type: 'session_token', sessionToken: this.sessionToken }, this.page.origin);
  }
}

function addressOf({ baseURL, apiURL, detectClosedAuthWindow, lang, themeOverride }: ConnectUIOptions & { baseURL: string; apiURL: string }): URL {
  const page = new URL(`${baseURL.replace(/\/+$/, '')}/`);
  page.searchParams.set('apiURL', apiURL);
  if (detectClosedAuthWindow !== undefined) page.searchParams.set('detectClosedAuthWindow', String(detectClosedAuthWindow));
  if (lang) page.searchParams.set('lang', lang);
  if (themeOverride) page.searchParams.set('theme', themeOverride);
  return page;
}
