const query = new URLSearchParams(globalThis.location.search);
const theme = query.get('theme');

/** What the page was opened with (surface 7.2). */
export const settings = {
  /** The server, without a slash at its end. The one that serves the page unless the address says otherwise. */
  apiUrl: (query.get('apiURL') ?? globalThis.location.origin).replace(/\/+$/, ''),
  /** In a connect link. In a frame the token comes by message. */
  token: query.get('session_token'),
  /** Null follows the system. */
  theme: theme === 'light' || theme === 'dark' ? theme : null,
};
