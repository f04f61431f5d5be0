import type { AuthResult } from './auth-result.js';
import { ServerApi } from './server-api.js';

/** What the hosted page tells the page that shows it (surface 7.2). */
export type ConnectUIEvent = ConnectUIEventReady | ConnectUIEventClose | ConnectUIEventConnect | ConnectUIEventError | ConnectUIEventSettingsChanged;

/** The page is loaded and waits for the session token. */
export interface ConnectUIEventReady {
  type: 'ready';
}

/** The end user closed the page; the frame is already gone. */
export interface ConnectUIEventClose {
  type: 'close';
}

/** A connection was made. The page stays open until the end user closes it. */
export interface ConnectUIEventConnect {
  type: 'connect';
  payload: Omit<AuthResult, 'ok'>;
}

/** Connecting failed. The page shows the error, and the end user may try again. */
export interface ConnectUIEventError {
  type: 'error';
  payload: { errorType: string; errorMessage: string };
}

/** The environment's settings of the page, e.g. its theme, were changed. */
export interface ConnectUIEventSettingsChanged {
  type: 'settings_changed';
  payload: Record<string, unknown>;
}

export interface ConnectUIOptions {
  /** The token of a session that the product's backend opened; may come later through {@link ConnectUI.setSessionToken}. */
  sessionToken?: string | null;
  /** Where the hosted page is. Default: where the server says (`GET /connect/config`), else `<apiURL>/connect-ui`. */
  baseURL?: string;
  /** Base URL of the server that the page asks. Default: the client's `host`. */
  apiURL?: string;
  onEvent?: (event: ConnectUIEvent) => void;
  /** Whether the page reports a closed popup as an error. */
  detectClosedAuthWindow?: boolean;
  /** Language of the page, e.g. `de`. Default: the browser's. */
  lang?: string;
  themeOverride?: 'light' | 'dark' | 'system';
}

const frameId = 'connect-ui';
const frameStyle = 'position:fixed;inset:0;width:100vw;height:100dvh;border:0;z-index:9999;background:transparent';

/** The hosted connect page in a frame over the whole window. */
export class ConnectUI {
  readonly #options: ConnectUIOptions;
  readonly #api: ServerApi;
  #sessionToken: string | undefined;
  #frame: HTMLIFrameElement | undefined;
  /** The one origin that gets the session token; undefined until the page's address is known. */
  #origin: string | undefined;
  #isReady = false;

  /** @throws AuthError `invalid_host_url` */
  constructor(options: ConnectUIOptions = {}) {
    this.#options = options;
    this.#api = new ServerApi(options.apiURL ?? 'http://localhost:3003');
    this.#sessionToken = options.sessionToken ?? undefined;
  }

  /** Shows the page. Another one that is open gives way to it. */
  open(): void {
    this.close();
    document.getElementById(frameId)?.remove();
    const frame = document.createElement('iframe');
    frame.id = frameId;
    frame.title = 'Connect';
    frame.style.cssText = frameStyle;
    this.#frame = frame;
    globalThis.addEventListener('message', this.#onMessage);
    const { baseURL } = this.#options;
    if (baseURL) this.#load(baseURL);
    else void this.#loadDefaultPage(frame);
    document.body.append(frame);
  }

  /** Hands the page the session token, now or as soon as the page is ready. */
  setSessionToken(sessionToken: string): void {
    this.#sessionToken = sessionToken;
    if (this.#isReady) this.#sendToken();
  }

  /** Takes the page away. */
  close(): void {
    globalThis.removeEventListener('message', this.#onMessage);
    this.#frame?.remove();
    this.#frame = undefined;
    this.#isReady = false;
  }

  async #loadDefaultPage(frame: HTMLIFrameElement): Promise<void> {
    const pageUrl = (await this.#api.connectPageUrl()) ?? `${this.#api.host}/connect-ui`;
    if (frame === this.#frame) this.#load(pageUrl);
  }

  #load(baseURL: string): void {
    const page = new URL(`${baseURL.replace(/\/+$/, '')}/`);
    const { detectClosedAuthWindow, lang, themeOverride } = this.#options;
    page.searchParams.set('apiURL', this.#api.host);
    if (detectClosedAuthWindow !== undefined) page.searchParams.set('detectClosedAuthWindow', String(detectClosedAuthWindow));
    if (lang) page.searchParams.set('lang', lang);
    if (themeOverride) page.searchParams.set('theme', themeOverride);
    this.#origin = page.origin;
    if (this.#frame) this.#frame.src = page.href;
  }

  readonly #onMessage = ({ source, origin, data }: MessageEvent<ConnectUIEvent | null>): void => {
    if (!this.#frame || source !== this.#frame.contentWindow || origin !== this.#origin || typeof data?.type !== 'string') return;
    if (data.type === 'ready') {
      this.#isReady = true;
      this.#frame.focus();
      this.#sendToken();
    }
    if (data.type === 'close') this.close();
    this.#options.onEvent?.(data);
  };

  #sendToken(): void {
    if (!this.#sessionToken || !this.#origin) return;
    // The target origin keeps the token from a page that the frame was led away to since.
    this.#frame?.contentWindow?.postMessage({ type: 'session_token', sessionToken: this.#sessionToken }, this.#origin);
  }
}
