import type { ParamsSerializer } from './query.js';

/** Statuses, headers and paths of `nango.paginate`, as scripts and providers write them (surface 1.3). */
export type Pagination = {
  type?: 'cursor' | 'link' | 'offset';
  limit?: number | string;
  limit_name_in_request?: string;
  response_path?: string;
  in_body?: boolean;
  cursor_path_in_response?: string;
  cursor_name_in_request?: string;
  link_rel_in_response_header?: string;
  link_path_in_response_body?: string;
  offset_name_in_request?: string;
  offset_start_value?: number | string;
  offset_calculation_method?: 'by-response-size' | 'per-page';
  /** Called when a page was taken, with the parameter that leads to the next one; nothing after the last. */
  on_page?: (state: { nextPageParam?: string | number; response: unknown }) => unknown;
};

/** Argument of `nango.proxy`, `get`, `post`, ... and `paginate`. */
export type ProxyConfiguration = {
  endpoint: string;
  providerConfigKey?: string;
  connectionId?: string;
  method?: string;
  headers?: Record<string, unknown> | null;
  params?: string | Record<string, unknown>;
  paramsSerializer?: ParamsSerializer | null;
  data?: unknown;
  files?: unknown;
  retries?: number | string;
  baseUrlOverride?: string;
  paginate?: Pagination;
  retryHeader?: { at?: string | string[]; after?: string | string[] };
  retryOn?: number[] | null;
  responseType?: 'arraybuffer' | 'blob' | 'document' | 'json' | 'text' | 'stream';
  decompress?: boolean | string;
  timeoutMs?: number;
  forwardHeadersOnRedirect?: boolean;
};
