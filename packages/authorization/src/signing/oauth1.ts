import { constants, createHmac, randomBytes, sign } from 'node:crypto';

/** How the base string is signed. For `RSA-SHA1` the client's secret is its private key as PEM. */
export type OAuth1Method = 'HMAC-SHA1' | 'HMAC-SHA256' | 'RSA-SHA1' | 'PLAINTEXT';

/** A request as its OAuth 1.0 signature covers it. */
export type OAuth1Request = {
  method: string;
  /** With its query. */
  url: URL;
  /** The body, where it is an urlencoded form. */
  form?: string | undefined;
  client: { id: string; secret: string };
  token?: { value: string; secret: string } | undefined;
  signatureMethod?: OAuth1Method | undefined;
  realm?: string | undefined;
  /** Further parameters of the protocol, such as `oauth_callback`. */
  extra?: Record<string, string> | undefined;
  /** Made anew unless given. */
  nonce?: string | undefined;
  /** Seconds; now unless given. */
  timestamp?: number | undefined;
};

type Pairs = [name: string, value: string][];

/** The `Authorization` header of a request that is signed after OAuth 1.0 (RFC 5849). */
export function oauth1Header(request: OAuth1Request): string {
  const parameters = oauthParameters(request);
  const signature = signatureOf(request, baseString(request, parameters));
  const realm = request.realm === undefined ? [] : [`realm="${request.realm.replaceAll('"', '\\"')}"`];
  const pairs = [...parameters, ['oauth_signature', signature] as const].map(([name, value]) => `${percent(name)}="${percent(value)}"`);
  return `OAuth ${[...realm, ...pairs].join(', ')}`;
}

/** What is signed (RFC 5849, section 3.4.1): method, address and all parameters. */
export function baseString({ method, url, form }: Pick<OAuth1Request, 'method' | 'url' | 'form'>, parameters: Pairs): string {
  const all: Pairs = [...pairsOf(url.search.slice(1)), ...pairsOf(form ?? ''), ...parameters];
  const encoded = all.map(([name, value]) => [percent(name), percent(value)] as const);
  const sorted = encoded.sort(([a, av], [b, bv]) => compare(a, b) || compare(av, bv));
  // `URL` leaves out the scheme's own port, and writes scheme and host in lower case.
  const address = `${url.protocol}//${url.host}${url.pathname}`;
  return [method.toUpperCase(), percent(address), percent(sorted.map(([name, value]) => `${name}=${value}`).join('&'))].join('&');
}

function oauthParameters({ client, token, signatureMethod = 'HMAC-SHA1', extra, nonce, timestamp }: OAuth1Request): Pairs {
  return [
    ['oauth_consumer_key', client.id],
    ...(token ? [['oauth_token', token.value] satisfies Pairs[number]] : []),
    ['oauth_signature_method', signatureMethod],
    ['oauth_timestamp', String(timestamp ?? Math.floor(Date.now() / 1000))],
    ['oauth_nonce', nonce ?? randomBytes(16).toString('hex')],
    ['oauth_version', '1.0'],
    ...Object.entries(extra ?? {}),
  ];
}

function signatureOf({ client, token, signatureMethod = 'HMAC-SHA1' }: OAuth1Request, base: string): string {
  const key = `${percent(client.secret)}&${percent(token?.secret ?? '')}`;
  switch (signatureMethod) {
    case 'HMAC-SHA1':
      return createHmac('sha1', key).update(base).digest('base64');
    case 'HMAC-SHA256':
      return createHmac('sha256', key).update(base).digest('base64');
    case 'RSA-SHA1':
      return sign('sha1', Buffer.from(base), { key: client.secret, padding: constants.RSA_PKCS1_PADDING }).toString('base64');
    case 'PLAINTEXT':
      return key;
  }
}

/** Names and values of a query or form, decoded; `URLSearchParams` reads both as the RFC asks. */
function pairsOf(text: string): Pairs {
  return [...new URLSearchParams(text)];
}

/** Percent-encoding after RFC 5849, section 3.6, which spares fewer characters than JavaScript's. */
function percent(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
