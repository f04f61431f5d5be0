/* oxlint-disable typescript/no-explicit-any -- the typings of scripts: permissive, so that those of every age type-check */
/** Levels of a log line. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'verbose' | 'silly' | 'http';

/** The last argument of `nango.log` that sets its level. */
export interface UserLogParameters {
  level?: LogLevel;
}

export type HTTP_METHOD = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'get' | 'post' | 'patch' | 'put' | 'delete';

export type ParamEncoder = (value: any, defaultEncoder: (value: any) => any) => any;

export interface ParamsSerializerOptions {
  encode?: ParamEncoder;
  indexes?: boolean | null;
  serialize?: (params: Record<string, any>, options?: ParamsSerializerOptions) => string;
}

/** What an external API answered. */
export interface AxiosResponse<T = any, D = any> {
  data: T;
  status: number;
  statusText: string;
  headers: any;
  config: any;
  request?: any;
  /** Never set; keeps the type of the request's body. */
  readonly __body?: D;
}

/** What is thrown when an external API answers outside 2xx, after all retries; or does not answer. */
export interface AxiosError<T = unknown, D = any> extends Error {
  config?: any;
  code?: string;
  request?: any;
  response?: AxiosResponse<T, D>;
  isAxiosError: boolean;
  status?: number;
  toJSON: () => object;
}

export interface RetryHeaderConfig {
  /** Header that names the time from which a retry may be sent. */
  at?: string | string[];
  /** Header that names the seconds to wait. */
  after?: string | string[];
}

export interface Pagination {
  type?: 'cursor' | 'link' | 'offset';
  /** Page size; only sent when set. */
  limit?: number | string;
  limit_name_in_request?: string;
  /** Dotted path to the list in the answer; empty is the answer itself. */
  response_path?: string;
  /** Whether paging parameters go into the body. */
  in_body?: boolean;
  /** Called when a page was taken, with the parameter that leads to the next one; nothing after the last. */
  on_page?: (state: { nextPageParam?: string | number; response: AxiosResponse }) => void | Promise<void>;
}

export interface CursorPagination extends Pagination {
  cursor_path_in_response?: string;
  cursor_name_in_request?: string;
}

export interface LinkPagination extends Pagination {
  link_rel_in_response_header?: string;
  link_path_in_response_body?: string;
}

export type OffsetCalculationMethod = 'per-page' | 'by-response-size';

export interface OffsetPagination extends Pagination {
  offset_name_in_request?: string;
  offset_start_value?: number;
  offset_calculation_method?: OffsetCalculationMethod;
}

/** A request to an external API; the connection's credentials are added on the way. */
export interface ProxyConfiguration {
  /** Path below the provider's base URL; a leading slash is optional. */
  endpoint: string;
  /** Defaults to the script's own integration. */
  providerConfigKey?: string;
  /** Defaults to the script's own connection. */
  connectionId?: string;
  method?: HTTP_METHOD;
  headers?: Record<string, string | number | boolean | null | undefined>;
  params?: string | Record<string, any>;
  paramsSerializer?: ParamsSerializerOptions | ((params: any) => string);
  data?: unknown;
  /** Further attempts after the first one. */
  retries?: number;
  baseUrlOverride?: string;
  paginate?: Partial<CursorPagination> & Partial<LinkPagination> & Partial<OffsetPagination>;
  retryHeader?: RetryHeaderConfig;
  /** Further statuses that are tried again. */
  retryOn?: number[] | null;
  responseType?: 'arraybuffer' | 'blob' | 'document' | 'json' | 'text' | 'stream';
  decompress?: boolean | string;
  /** Credentials too follow a redirect to another host. */
  forwardHeadersOnRedirect?: boolean;
  /** How long to wait for the answer's first byte, and between any two of its body. */
  timeoutMs?: number;
}
