import { AppError } from 'model';

/** What a URL is made of. `endpoint` may carry a query of its own; `query` has no `?`. */
export type UrlParts = { base: string; endpoint: string; query?: string | undefined };

/**
 * The URL of a call. An endpoint that contains the base URL, or that repeats its path (`/api/chat.postMessage` where the base
 * ends in `/api`), is not doubled. The query stays as it was written.
 *
 * @throws AppError `url_not_allowed` for an endpoint that names another host
 */
export function upstreamUrl({ base, endpoint, query }: UrlParts): URL {
  const root = parse(base).href.replace(/\/+$/, '');
  const path = withoutBase(endpoint, root);
  const separator = path.includes('?') ? '&' : '?';
  return parse(root + path + (query ? separator + query : ''));
}

/** Path and query of the endpoint relative to the base, with a slash before it where it is not empty. */
function withoutBase(endpoint: string, root: string): string {
  const bare = endpoint.replace(/^\/+(?=https?:)/i, '').replace(/^(https?):\/+/i, (_, scheme: string) => `${scheme.toLowerCase()}://`);
  if (/^https?:/i.test(bare)) {
    if (!repeats(bare, root)) throw new AppError('url_not_allowed', { message: "The endpoint names another host than the API's; use a base URL override" });
    return bare.slice(root.length);
  }
  const path = bare === '' || bare.startsWith('?') || bare.startsWith('/') ? bare : `/${bare}`;
  const { pathname } = new URL(root);
  const repeated = pathname !== '/' && repeats(path, pathname);
  return repeated ? path.slice(pathname.length) : path;
}

/** Whether `text` starts with `prefix` and the prefix ends where a segment does. */
function repeats(text: string, prefix: string): boolean {
  return text.startsWith(prefix) && ['', '/', '?'].includes(text.charAt(prefix.length));
}

function parse(text: string): URL {
  const url = URL.parse(text);
  if (url) return url;
  throw new AppError('missing_api_url', { message: 'The base URL of this call is no URL' });
}
