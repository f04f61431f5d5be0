import { NangoError } from '../error/nango-error.js';
import type { Pagination, ProxyConfiguration } from '../http/proxy-configuration.js';
import type { HttpResponse } from '../http/response.js';
import { parse } from '../intrinsics.js';
import { linkByRel } from './link-header.js';
import { read } from './path.js';
import { RepeatWatch } from './repeat-watch.js';

type Send = (config: ProxyConfiguration) => Promise<HttpResponse>;
type Values = Record<string, unknown>;

/** One paginated read: the configuration that changes from page to page, and where its page parameters stand. */
type Walk = { config: ProxyConfiguration; pagination: Pagination; values: Values; inBody: boolean; send: Send };

/** Pages of an external API by cursor, link or offset (surface 1.3). `defaults` is the provider's own pagination. */
export async function* paginate(config: ProxyConfiguration, defaults: Record<string, unknown> | null, send: Send): AsyncGenerator<unknown[]> {
  const pagination: Pagination = { ...defaults, ...config.paginate };
  if (!pagination.type) throw invalid('There is no pagination configuration: neither the provider has one nor does the call name a paginate.type');
  const kind = kinds[pagination.type];
  if (!kind) throw invalid(`'${String(pagination.type)}' is not a pagination type; there are cursor, link and offset`);
  kind.check(pagination);
  yield* kind.walk(prepare(config, pagination, send));
}

const kinds: Record<string, { check: (pagination: Pagination) => void; walk: (walk: Walk) => AsyncGenerator<unknown[]> }> = {
  cursor: { check: checkCursor, walk: byCursor },
  link: { check: checkLink, walk: byLink },
  offset: { check: checkOffset, walk: byOffset },
};

/** The same params or data object is changed from page to page, as scripts expect. */
function prepare(given: ProxyConfiguration, pagination: Pagination, send: Send): Walk {
  const config: ProxyConfiguration = { ...given, method: given.method ?? 'GET' };
  const inBody = pagination.in_body ?? ['POST', 'PUT', 'PATCH'].includes(String(config.method).toUpperCase());
  // A body as text has no place for parameters, and needs none where links carry them.
  const untouched = inBody && typeof config.data === 'string' && pagination.type === 'link' && pagination.limit === undefined;
  if (untouched) return { config, pagination, values: {}, inBody, send };
  const values = inBody ? bodyOf(config) : paramsOf(config.params);
  if (inBody) config.data = values;
  else config.params = values;
  if (pagination.limit !== undefined && pagination.limit_name_in_request) values[pagination.limit_name_in_request] = pagination.limit;
  return { config, pagination, values, inBody, send };
}

async function* byCursor({ config, pagination, values, send }: Walk): AsyncGenerator<unknown[]> {
  const watch = new RepeatWatch();
  let place: string | number = '';
  for (;;) {
    const response = await send(config);
    const page = pageOf(response, pagination);
    if (page.length === 0) return;
    watch.see(place, page);
    yield page;
    const next = nextCursor(response, pagination);
    await told(pagination, next, response);
    if (next === undefined) return;
    values[pagination.cursor_name_in_request ?? ''] = next;
    place = next;
  }
}

async function* byLink({ config, pagination, send }: Walk): AsyncGenerator<unknown[]> {
  const watch = new RepeatWatch();
  for (;;) {
    const response = await send(config);
    const page = pageOf(response, pagination);
    if (page.length === 0) return;
    watch.see(config.endpoint, page);
    yield page;
    const next = nextLink(response, pagination);
    await told(pagination, next, response);
    if (next === undefined) return;
    config.endpoint = next;
    // The link holds every parameter already.
    delete config.params;
  }
}

async function* byOffset({ config, pagination, values, inBody, send }: Walk): AsyncGenerator<unknown[]> {
  const name = pagination.offset_name_in_request ?? '';
  const limit = Number(pagination.limit ?? Number.NaN);
  let offset = Number(pagination.offset_start_value ?? 0) || 0;
  for (;;) {
    values[name] = inBody ? offset : String(offset);
    const response = await send(config);
    const page = pageOf(response, pagination);
    if (page.length === 0) return;
    yield page;
    offset += pagination.offset_calculation_method === 'per-page' ? 1 : page.length;
    const isLast = page.length < limit;
    await told(pagination, isLast ? undefined : offset, response);
    if (isLast) return;
  }
}

function pageOf(response: HttpResponse, pagination: Pagination): unknown[] {
  const page = read(response.data, pagination.response_path);
  return Array.isArray(page) ? page : [];
}

/** A page that its reader has done with: only now may a script note down where to go on. */
async function told({ on_page }: Pagination, next: string | number | undefined, response: HttpResponse): Promise<void> {
  if (typeof on_page === 'function') await on_page({ ...(next === undefined ? {} : { nextPageParam: next }), response });
}

function nextCursor({ data }: HttpResponse, pagination: Pagination): string | number | undefined {
  const cursor = read(data, pagination.cursor_path_in_response);
  const next = typeof cursor === 'string' ? cursor.trim() : cursor;
  return next !== '' && (typeof next === 'string' || typeof next === 'number') ? next : undefined;
}

/** An absolute link is reduced to path and query: it names the API that the connection is for anyway. */
function nextLink({ headers, data }: HttpResponse, pagination: Pagination): string | undefined {
  const rel = pagination.link_rel_in_response_header;
  const link = rel ? linkByRel(headers['link'], rel) : read(data, pagination.link_path_in_response_body);
  if (typeof link !== 'string' || link.trim() === '') return undefined;
  if (!/^https?:\/\//i.test(link)) return link;
  const { pathname, search } = new URL(link);
  return pathname + search;
}

function checkCursor(pagination: Pagination): void {
  need(pagination, 'cursor', 'cursor_name_in_request');
  need(pagination, 'cursor', 'cursor_path_in_response');
  if (pagination.limit !== undefined) need(pagination, 'cursor', 'limit_name_in_request');
}

function checkLink(pagination: Pagination): void {
  if (pagination.link_rel_in_response_header || pagination.link_path_in_response_body) return;
  throw invalid('Param link_rel_in_response_header or link_path_in_response_body is required for link pagination');
}

function checkOffset(pagination: Pagination): void {
  need(pagination, 'offset', 'offset_name_in_request');
}

function need(pagination: Pagination, type: string, name: keyof Pagination): void {
  if (!pagination[name]) throw invalid(`Param ${name} is required for ${type} pagination`);
}

function invalid(message: string): NangoError {
  return new NangoError('script_internal_error', message);
}

function valuesOf(value: unknown): Values {
  return typeof value === 'object' && value !== null ? (value as Values) : {};
}

/** A body that the script has written as JSON or as a form by itself is taken apart again. */
function bodyOf({ data, headers }: ProxyConfiguration): Values {
  if (typeof data !== 'string') return valuesOf(data);
  const parsed = isForm(headers) ? paramsOf(data) : parsedObject(data);
  if (!parsed) throw invalid("Paging parameters cannot be put into a body of text: give 'data' as an object, or set paginate.in_body to false");
  return parsed;
}

function isForm(headers: ProxyConfiguration['headers']): boolean {
  const type = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return String(type).includes('x-www-form-urlencoded');
}

function parsedObject(text: string): Values | undefined {
  try {
    const value = parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : undefined;
  } catch {
    return undefined;
  }
}

function paramsOf(params: ProxyConfiguration['params']): Values {
  return typeof params === 'string' ? Object.fromEntries(new URLSearchParams(params)) : valuesOf(params);
}
