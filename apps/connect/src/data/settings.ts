const themes = ['light', 'dark', 'system'] as const;

/** What the page was opened with (surface 7.2). */
export type Settings = {
  /** The server, without a slash at its end. */
  apiUrl: string;
  /** In a connect link. In a frame the token comes by message. */
  token: string | null;
  theme: (typeof themes)[number] | undefined;
  /** A wish; the page may not have the language. */
  language: string | null;
  detectClosedAuthWindow: boolean;
};

/** Reads the page's address. The server is the one that the address names, else the one that serves the page, which may say where its API is. */
export function readSettings(location: Pick<Location, 'search' | 'origin'>, injectedApiUrl: string | undefined): Settings {
  const query = new URLSearchParams(location.search);
  const apiUrl = query.get('apiURL') ?? (injectedApiUrl === undefined || injectedApiUrl === '' ? location.origin : injectedApiUrl);
  return {
    apiUrl: apiUrl.replace(/\/+$/, ''),
    token: query.get('session_token'),
    theme: themes.find((theme) => theme === query.get('theme')),
    language: query.get('lang'),
    detectClosedAuthWindow: query.get('detectClosedAuthWindow') === 'true',
  };
}

/** The settings of this page. */
export const settings = readSettings(globalThis.location, document.querySelector<HTMLMetaElement>('meta[name="api-url"]')?.content);
