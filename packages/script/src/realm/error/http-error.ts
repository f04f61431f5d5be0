import type { HttpResponse } from '../http/response.js';
import type { ProxyConfiguration } from '../http/proxy-configuration.js';

/** A failed external call, in the form that scripts know from axios. `response` is missing when no answer came. */
export class HttpError extends Error {
  override name = 'AxiosError';
  readonly isAxiosError = true;
  readonly code: string;
  readonly config: ProxyConfiguration;
  readonly request: object = {};
  readonly response?: HttpResponse;
  readonly status?: number;

  constructor(message: string, details: { code: string; config: ProxyConfiguration; response?: HttpResponse }) {
    super(message);
    this.code = details.code;
    this.config = details.config;
    if (!details.response) return;
    this.response = details.response;
    this.status = details.response.status;
  }

  toJSON(): object {
    return { message: this.message, name: this.name, code: this.code, status: this.status ?? null };
  }
}

/** The error for an answer that is not a success. */
export function statusError(response: HttpResponse): HttpError {
  const code = response.status >= 400 && response.status < 500 ? 'ERR_BAD_REQUEST' : 'ERR_BAD_RESPONSE';
  return new HttpError(`Request failed with status code ${response.status}`, { code, config: response.config, response });
}
