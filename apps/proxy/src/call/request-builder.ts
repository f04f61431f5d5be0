import type { OutgoingRequest } from 'egress';
import { AppError, isAppError } from 'model';
import { buildBaseUrl } from 'providers';
import type { Target } from '../connection/target.js';
import { type Authorisation, authorisationOf, isPerCall, placeholderValues } from './authorisation.js';
import type { BaseUrlOverridePolicy } from './base-url-override.js';
import { acceptedEncodings } from './decode.js';
import type { OutgoingCall } from './outgoing-call.js';
import { withProviderBody } from './provider-body.js';
import { requestParts } from './request-parts.js';
import { isSigned, signed } from './sign.js';
import { type ApiRoot, apiRoot, upstreamUrl } from './upstream-url.js';

export const defaultHeaders = { accept: 'application/json, text/plain, */*', 'user-agent': 'nango' };

/** Makes the request that goes out from a call and the connection it is for. What the caller says wins over the provider's defaults. */
export class RequestBuilder {
  /** What follows from a target alone, made at its first call. */
  private readonly authorisations = new WeakMap<Target, Authorisation>();
  private readonly roots = new WeakMap<Target, ApiRoot | null>();

  constructor(private readonly overrides: BaseUrlOverridePolicy) {}

  /** At once, unless the request has to be signed or its body added to. @throws AppError `invalid_credentials` where the credential cannot sign */
  build(target: Target, call: OutgoingCall): OutgoingRequest | Promise<OutgoingRequest> {
    const { proxy } = target.provider;
    if (!proxy?.body && !isSigned(target)) return this.authorised(target, call, bare(call));
    return this.finished(target, call);
  }

  /** Whether a request goes to the connection's own API, though its caller has named a base URL. */
  isOwnApi(target: Target, { baseUrlOverride }: OutgoingCall, { url }: OutgoingRequest): boolean {
    if (baseUrlOverride === undefined) return true;
    const root = this.knownRoot(target);
    return root === null || root.origin === url.origin;
  }

  private async finished(target: Target, call: OutgoingCall): Promise<OutgoingRequest> {
    const template = target.provider.proxy?.body;
    try {
      const sent = template ? await withProviderBody(bare(call), template, valuesOf(target)) : bare(call);
      return await signed(target, this.authorised(target, call, sent));
    } catch (error) {
      throw isAppError(error) ? error : cannotSign();
    }
  }

  private authorised(target: Target, call: OutgoingCall, { method, headers, body }: Bare): OutgoingRequest {
    const root = call.baseUrlOverride === undefined ? this.rootOf(target) : this.overrides.root(call.baseUrlOverride);
    const url = upstreamUrl(root, { endpoint: call.endpoint, query: call.query });
    const added = isPerCall(target.provider) ? perCall(target, requestParts(call.endpoint, { method, url, body })) : this.known(target);
    return {
      url: added.query.length === 0 ? url : withDefaults(url, added.query),
      method,
      headers: { ...defaultHeaders, ...encodings(call), ...added.headers, ...headers },
      body,
      signal: call.signal,
      timeoutMs: call.timeoutMs,
      credentialsTravel: call.forwardHeadersOnRedirect ?? target.provider.proxy?.forward_headers_on_redirect ?? false,
    };
  }

  private known(target: Target): Authorisation {
    const known = this.authorisations.get(target);
    if (known) return known;
    const made = perCall(target, {});
    this.authorisations.set(target, made);
    return made;
  }

  private rootOf(target: Target): ApiRoot {
    const root = this.knownRoot(target);
    if (root) return root;
    throw noBaseUrl(target);
  }

  /** Null where the base URL cannot be built. */
  private knownRoot(target: Target): ApiRoot | null {
    const known = this.roots.get(target);
    if (known !== undefined) return known;
    const built = buildBaseUrl(target.provider, valuesOf(target));
    const made = built.kind === 'known' ? apiRoot(built.url) : null;
    this.roots.set(target, made);
    return made;
  }
}

type Bare = Pick<OutgoingRequest, 'method' | 'headers' | 'body'>;

function bare({ method, headers, body }: OutgoingCall): Bare {
  return { method, headers, body };
}

/** For calls that ask for a body that is decoded here. */
export function encodings({ decoded }: Pick<OutgoingCall, 'decoded'>): Record<string, string> {
  return decoded ? { 'accept-encoding': acceptedEncodings } : {};
}

/** The URL with those parameters that it does not name already. The caller's stay as they were written. */
function withDefaults(url: URL, defaults: Authorisation['query']): URL {
  const added = new URLSearchParams(defaults.filter(([name]) => !url.searchParams.has(name))).toString();
  if (added === '') return url;
  const whole = new URL(url);
  whole.search = url.search.length > 1 ? `${url.search}&${added}` : added;
  return whole;
}

function perCall(target: Target, parts: Record<string, unknown>): Authorisation {
  try {
    return authorisationOf(target.provider, target.credentials, { ...valuesOf(target), ...parts });
  } catch (error) {
    throw isAppError(error) ? error : cannotSign();
  }
}

function valuesOf({ credentials, connection: { connectionConfig, metadata }, client }: Target): ReturnType<typeof placeholderValues> {
  return placeholderValues({ credentials, connectionConfig, metadata, client });
}

/** Says no more: what the crypto library complains of may quote the key. */
function cannotSign(): AppError {
  return new AppError('invalid_credentials', { message: "The connection's credential cannot sign calls: its key is not of the kind that the API asks for" });
}

function noBaseUrl(target: Target): AppError {
  const { provider } = target;
  const built = buildBaseUrl(provider, valuesOf(target));
  if (built.kind === 'none') return new AppError('unsupported_provider', { message: `The provider '${provider.name}' names no API; give a base URL override` });
  const why = built.kind === 'missing' ? `the connection lacks ${built.names.join(', ')}` : 'a value of the connection cannot stand in a host name';
  return new AppError('missing_api_url', { message: `The API's base URL cannot be built: ${why}` });
}
