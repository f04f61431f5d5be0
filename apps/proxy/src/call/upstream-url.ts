import { AppError } from 'model';

/** A base URL, taken apart once for all calls. */
export type ApiRoot = { href: string; origin: string; pathname: string };

/** Path (with a query of its own, perhaps) and query of a call; the query has no `?`. */
export type Place = { endpoint: string; query?: string | undefined };

/** @throws AppError `missing_api_url` when the text is no URL */
export function apiRoot(base: string): ApiRoot {
  const url = parse(base);
  const href = url.href.replace(/\/+$/, '');
  return { href, origin: url.origin, pathname: new URL(href).pathname };
}

/**
 * The URL of a call. An endpoint that contains the base URL, or that repeats its path (`/api/chat.postMessage` where the base
 * ends in `/api`), is not doubled. The query stays as it was written.
 *
 * @throws AppError `url_not_allowed` for an endpoint that names another host
 */
export function upstreamUrl(root: ApiRoot, { endpoint, query }: Place): URL {
  const path = withoutBase(endpoint, root);
  const separator = path.includes('?') ? '&' : '?';
  return parse(root.href + path + (query ? separator + query : ''));
}

/** Path and query of the endpoint relative to the base, with a slash before it where it is not empty. */
function withoutBase(endpoint: string, { href, pathname }: ApiRoot): string {
  const bare = endpoint.replace(/^\/+(?=https?:)/i, '').replace(/^(https?):\/+/i, (_, scheme: string) => `${scheme.toLowerCase()}://`);
  if (/^https?:/i.test(bare)) {
    if (!repeats(bare, href)) throw new AppError('url_not_allowed', { message: "The endpoint names another host than the API's; use a base URL override" });
    return bare.slice(href.length);
  }
  const path = bare === '' || bare.startsWith('?') || bare.startsWith('/') ? bare : `/${bare}`;
  return pathname !== '/' && repeats(path, pathname) ? path.slice(pathname.length) : path;
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
