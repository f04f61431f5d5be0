import { createHmac } from 'node:crypto';
import type { EvilAnswer, EvilRequest } from '../testing/evil-answers.js';
import { asJson, asText } from '../testing/evil-answers.js';

type Signed = { params: Map<string, string>; problem: string | undefined };
type Client = { id: string; secret: string };

const maxClockDifferenceS = 300;
const encode = (text: string): string => encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** A provider of OAuth 1.0a that takes nothing on trust: signatures, nonces, timestamps and verifiers are checked as RFC 5849 has it. */
export class OAuth1Provider {
  /** Callback addresses that request tokens were asked with. */
  readonly callbacks: string[] = [];
  /** What it found wrong, request by request. */
  readonly problems: string[] = [];
  private readonly secrets = new Map<string, string>();
  private readonly verifiers = new Map<string, string>();
  private readonly nonces = new Set<string>();
  private made = 0;

  constructor(
    private readonly client: Client,
    private readonly hash: 'sha1' | 'sha256' = 'sha1',
  ) {}

  /** A token that was given out some other way, as token based authentication has it. */
  know(token: string, secret: string): void {
    this.secrets.set(token, secret);
  }

  readonly requestToken: EvilAnswer = (request, response) =>
    this.admit(request, ({ params }) => {
      this.callbacks.push(params.get('oauth_callback') ?? '');
      return `${this.newToken('request')}&oauth_callback_confirmed=true`;
    })(request, response);

  readonly accessToken: EvilAnswer = (request, response) =>
    this.admit(request, ({ params }) => {
      const token = params.get('oauth_token') ?? '';
      if (this.verifiers.get(token) !== params.get('oauth_verifier')) return undefined;
      this.verifiers.delete(token);
      this.secrets.delete(token);
      return `${this.newToken('access')}&user_id=7&screen_name=ada`;
    })(request, response);

  readonly api: EvilAnswer = (request, response) => {
    const { params, problem } = this.check(request);
    asJson(problem ? 401 : 200, problem ? { problem } : { token: params.get('oauth_token') })(request, response);
  };

  /** What a person's consent makes of a request token: the address that the browser is sent back to. */
  consent(requestToken: string): URL {
    const back = new URL(this.callbacks.at(-1) ?? '');
    this.verifiers.set(requestToken, `verifier of ${requestToken}`);
    back.searchParams.set('oauth_token', requestToken);
    back.searchParams.set('oauth_verifier', `verifier of ${requestToken}`);
    return back;
  }

  private admit(request: EvilRequest, make: (signed: Signed) => string | undefined): EvilAnswer {
    const signed = this.check(request);
    const text = signed.problem === undefined ? make(signed) : undefined;
    return asText(text ?? `problem=${signed.problem ?? 'verifier'}`, { status: text ? 200 : 401, headers: { 'content-type': 'text/html; charset=utf-8' } });
  }

  private newToken(kind: string): string {
    const token = `${kind}-${++this.made}`;
    this.secrets.set(token, `secret of ${token}`);
    return String(new URLSearchParams({ oauth_token: token, oauth_token_secret: `secret of ${token}` }));
  }

  private check(request: EvilRequest): Signed {
    const params = paramsOf(request.headers.authorization ?? '');
    const problem = this.problemOf(request, params);
    if (problem) this.problems.push(problem);
    return { params, problem };
  }

  private problemOf(request: EvilRequest, params: Map<string, string>): string | undefined {
    const token = params.get('oauth_token');
    const tokenSecret = token === undefined ? '' : this.secrets.get(token);
    const nonce = `${params.get('oauth_timestamp')} ${params.get('oauth_nonce')}`;
    if (params.get('oauth_consumer_key') !== this.client.id) return 'consumer_key';
    if (tokenSecret === undefined) return 'token';
    if (Math.abs(Date.now() / 1000 - Number(params.get('oauth_timestamp'))) > maxClockDifferenceS) return 'timestamp';
    if (!params.get('oauth_nonce') || this.nonces.has(nonce)) return 'nonce';
    this.nonces.add(nonce);
    const key = `${encode(this.client.secret)}&${encode(tokenSecret)}`;
    const expected = createHmac(this.hash, key).update(baseString(request, params)).digest('base64');
    return params.get('oauth_signature') === expected ? undefined : 'signature';
  }
}

function paramsOf(header: string): Map<string, string> {
  const pairs = [...header.replace(/^OAuth /, '').matchAll(/(\w+)="([^"]*)"/g)];
  return new Map(pairs.map(([, name = '', value = '']) => [name, decodeURIComponent(value)]));
}

function baseString({ method, path, query, headers }: EvilRequest, params: Map<string, string>): string {
  const signed = [...query, ...[...params].filter(([name]) => name !== 'oauth_signature' && name !== 'realm')];
  const pairs = signed.map(([name, value]) => `${encode(name)}=${encode(value)}`).toSorted();
  return [method, encode(`https://${headers.host}${path}`), encode(pairs.join('&'))].join('&');
}
