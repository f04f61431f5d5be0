import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentials } from 'model';

/** A request as AWS's signature version 4 covers it. Header names are in lower case; a body that streams is signed unseen, which S3 alone accepts. */
export type AwsRequest = { method: string; url: URL; headers: Record<string, string>; body: Uint8Array | 'unseen' | null; at?: Date | undefined };

/** Region and service that a signature holds for. */
export type AwsScope = { region: string; service: string };

/** The headers that a request needs beside its own: `authorization`, `x-amz-date` and what belongs to them. */
export async function awsHeaders(request: AwsRequest, credentials: AwsCredentials): Promise<Record<string, string>> {
  const { method, url, headers, body, at } = request;
  const scope = awsScope(url.hostname, credentials);
  const signer = signerFor(scope, credentials);
  const unseen = body === 'unseen' ? { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } : {};
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: queryOf(url),
      headers: { host: url.host, ...headers, ...unseen },
      body: body === 'unseen' ? undefined : (body ?? undefined),
    },
    at ? { signingDate: at } : {},
  );
  return Object.fromEntries(Object.entries(signed.headers).filter(([name]) => name !== 'host' && !(name in headers && headers[name] === signed.headers[name])));
}

/** Where a signature holds: what the credential says, else what an AWS host's name says, as in `sqs.eu-west-1.amazonaws.com`. */
export function awsScope(hostname: string, { region, service }: Pick<AwsCredentials, 'region' | 'service'>): AwsScope {
  const labels = hostname.replace(/\.(amazonaws\.com(\.cn)?|api\.aws|on\.aws)$/, '').split('.');
  const regionAt = labels.findLastIndex((label) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(label));
  const named = labels[regionAt === -1 ? labels.length - 1 : regionAt - 1] ?? '';
  return { region: region ?? labels[regionAt] ?? 'us-east-1', service: service ?? signingNames[named] ?? named };
}

/** Services that sign under another name than their hosts have. */
const signingNames: Record<string, string> = { email: 'ses', 'bedrock-runtime': 'bedrock', 'lambda-url': 'lambda' };

function signerFor({ region, service }: AwsScope, credentials: AwsCredentials): SignatureV4 {
  const isS3 = service === 's3';
  return new SignatureV4({
    region,
    service,
    credentials: {
      accessKeyId: credentials.access_key_id,
      secretAccessKey: credentials.secret_access_key,
      ...(credentials.session_token ? { sessionToken: credentials.session_token } : {}),
    },
    sha256: Sha256,
    // S3 alone wants its paths escaped once, and the hash of the body as a header.
    uriEscapePath: !isS3,
    applyChecksum: isS3,
  });
}

function queryOf(url: URL): Record<string, string | string[]> {
  const names = new Set(url.searchParams.keys());
  return Object.fromEntries([...names].map((name) => [name, url.searchParams.getAll(name)]));
}

/** SHA-256, with a secret as HMAC, in the form that the signer takes. */
class Sha256 {
  readonly #secret: Uint8Array | string | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined || typeof secret === 'string' ? secret : bytesOf(secret);
    this.#hash = this.#begin();
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#begin();
  }

  #begin(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}
