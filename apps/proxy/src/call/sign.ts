import { awsHeaders, oauth1Header, tbaHeader } from 'authorization';
import type { OutgoingRequest } from 'egress';
import { AppError, type AwsCredentials } from 'model';
import type { Target } from '../connection/target.js';
import { wholeBody } from './whole-body.js';

/** Whether each call of a connection carries a signature over itself. */
export function isSigned({ credentials: { type } }: Target): boolean {
  return type === 'OAUTH1' || type === 'TBA' || type === 'AWS_SIGV4';
}

/** A request with the signature of its connection's auth mode. One whose caller authorises it stays as it is. */
export async function signed(target: Target, request: OutgoingRequest): Promise<OutgoingRequest> {
  const { credentials } = target;
  if (request.headers['authorization'] !== undefined) return request;
  switch (credentials.type) {
    case 'OAUTH1':
    case 'TBA':
      return { ...request, headers: { ...request.headers, authorization: oauthHeader(target, request) } };
    case 'AWS_SIGV4':
      return signedForAws(request, credentials);
    default:
      return request;
  }
}

function oauthHeader({ credentials, client, provider, connection }: Target, { method, url, headers, body }: OutgoingRequest): string {
  const isForm = body instanceof Uint8Array && headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const request = { method, url, client: client ?? { id: '', secret: '' }, form: isForm ? Buffer.from(body).toString() : undefined };
  if (credentials.type === 'TBA') return tbaHeader({ ...request, accountId: accountOf(connection.connectionConfig) }, credentials);
  if (credentials.type !== 'OAUTH1') return '';
  const token = { value: credentials.oauth_token, secret: credentials.oauth_token_secret };
  return oauth1Header({ ...request, token, signatureMethod: provider.signature_method });
}

function accountOf({ accountId }: Record<string, unknown>): string {
  if (typeof accountId === 'string' && accountId !== '') return accountId;
  throw new AppError('invalid_credentials', { message: "The connection's config lacks accountId, without which its calls cannot be signed" });
}

/** S3 takes a streamed body unseen; every other service wants its hash, for which it has to be held. */
async function signedForAws(request: OutgoingRequest, credentials: AwsCredentials): Promise<OutgoingRequest> {
  const isStream = request.body !== null && !(request.body instanceof Uint8Array);
  const unseen = isStream && /(^|\.)s3[.-]/.test(request.url.hostname);
  const sent = unseen ? request : { ...request, ...(await wholeBody(request)) };
  const { method, url, headers, body } = sent;
  const added = await awsHeaders({ method, url, headers: signable(headers), body: body === null || body instanceof Uint8Array ? body : 'unseen' }, credentials);
  return { ...sent, headers: { ...headers, ...added } };
}

/** Headers that nobody on the way changes. */
function signable(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name === 'content-type' || name.startsWith('x-amz-')));
}
