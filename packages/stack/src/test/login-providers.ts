import { createHash, createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { asJson, asText, type EvilAnswer, type EvilRequest } from '../testing/evil-answers.js';
import type { FakeInternet } from '../testing/fake-internet.js';
import { OAuth1Provider } from './oauth1-provider.js';

/** Hosts of the providers in {@link serveProviders}. */
export const providerHosts = `gateway.prod.bill.com 10ax.online.tableau.com acme.cloud.looker.com heapanalytics.com api.emarsys.net
  1234567.suitetalk.api.netsuite.com sts.eu-west-1.amazonaws.com s3.eu-west-1.amazonaws.com api.appstoreconnect.apple.com acme.ghost.io
  api.github.com github.com trello.com api.trello.com api.x.com`.split(/\s+/);

/** The keys of the customers and apps that sign. */
export const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ghostKey = { id: '6748592f4b9b7700010f6564', secret: 'b1b5b9c1d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8e9f0a1' };
export const oauth1Client = { id: 'the consumer', secret: 'its secret & more' };
export const trello = new OAuth1Provider(oauth1Client);
export const twitter = new OAuth1Provider(oauth1Client);
export const netsuite = new OAuth1Provider(oauth1Client, 'sha256');

const tokens = new Set<string>();
/** A token like no other; the APIs take those that were given out. */
function newToken(kind: string): string {
  const token = `${kind}-token-${tokens.size + 1}`;
  tokens.add(token);
  return token;
}
const givenIf = (fits: (request: EvilRequest) => boolean, answer: () => unknown): EvilAnswer => {
  return (request, response) => (fits(request) ? asJson(200, answer()) : asJson(401, { error: 'wrong login' }))(request, response);
};
const apiIf = (fits: (request: EvilRequest) => boolean): EvilAnswer => givenIf(fits, () => ({ ok: true }));
const holds =
  (name: string, scheme = '') =>
  (request: EvilRequest): boolean => {
    const value = String(request.headers[name] ?? '');
    return value.startsWith(scheme) && tokens.has(value.slice(scheme.length));
  };

/** Puts the providers of the auth modes that log in or sign onto the internet. Each refuses what is not exactly right. */
export function serveProviders(internet: FakeInternet): void {
  const { answer } = { answer: internet.answer.bind(internet) };
  answer(
    'gateway.prod.bill.com/connect/v3/login',
    givenIf(isLogin({ username: 'ada', password: 'secret', organizationId: '008x', devKey: 'dev' }), () => ({ sessionId: newToken('bill'), userId: 'u' })),
  );
  answer(
    'gateway.prod.bill.com/connect/v3/bills',
    apiIf((request) => request.headers['devkey'] === 'dev' && holds('sessionid')(request)),
  );
  answer(
    '10ax.online.tableau.com/api/3.22/auth/signin',
    givenIf(({ body }) => body.includes('"personalAccessTokenSecret":"secret"') && body.includes('"contentUrl":"acme"'), tableauSession),
  );
  answer('10ax.online.tableau.com/api/3.22/sites', apiIf(holds('x-tableau-auth')));
  answer(
    'acme.cloud.looker.com/api/4.0/login',
    givenIf(
      ({ body }) => body === 'client_id=id&client_secret=secret',
      () => ({ access_token: newToken('looker'), expires_in: 3600 }),
    ),
  );
  answer('acme.cloud.looker.com/api/4.0/user', apiIf(holds('authorization', 'token ')));
  answer(
    'heapanalytics.com/api/public/v0/auth_token',
    givenIf(
      ({ headers }) => headers.authorization === `Basic ${Buffer.from('12345:secret').toString('base64')}`,
      () => ({ access_token: newToken('heap') }),
    ),
  );
  answer('heapanalytics.com/api/public/v0/user_deletion', apiIf(holds('authorization', 'Bearer ')));
  answer('api.emarsys.net/api/v2/settings', apiIf(isWsse));
  answer('1234567.suitetalk.api.netsuite.com/services/rest/record/v1/metadata-catalog', netsuite.api);
  netsuite.know('token-id', 'token & secret');
  answer('sts.eu-west-1.amazonaws.com/', assumeRole);
  answer(
    's3.eu-west-1.amazonaws.com/bucket',
    apiIf((request) => isAws(request, 'ASIA1') && holds('x-amz-security-token')(request)),
  );
  answer(
    'api.appstoreconnect.apple.com/v1/apps',
    apiIf(({ headers }) => isSignedToken(headers.authorization?.replace('Bearer ', '') ?? '', 'ES256')),
  );
  for (const path of ['posts/', 'site/'])
    answer(
      `acme.ghost.io/ghost/api/admin/${path}`,
      apiIf(({ headers }) => isGhostToken(headers.authorization?.replace('Ghost ', '') ?? '')),
    );
  answer(
    'api.github.com/app/installations/42/access_tokens',
    givenIf(({ headers }) => isSignedToken(headers.authorization?.replace('Bearer ', '') ?? '', 'RS256'), installationToken),
  );
  answer(
    'github.com/login/oauth/access_token',
    givenIf(
      ({ body }) => new URLSearchParams(body).get('code') === 'the-code',
      () => ({ access_token: newToken('user'), token_type: 'bearer' }),
    ),
  );
  answer('api.github.com/installation/repositories', apiIf(holds('authorization', 'Bearer ')));
  for (const [host, api, provider] of [['trello.com/1/OAuthGet', 'api.trello.com/1/members/me', trello]] as const) {
    answer(`${host}RequestToken`, provider.requestToken);
    answer(`${host}AccessToken`, provider.accessToken);
    answer(api, provider.api);
  }
  answer('api.x.com/oauth/request_token', twitter.requestToken);
  answer('api.x.com/oauth/access_token', twitter.accessToken);
  answer('api.x.com/2/users/me', twitter.api);
}

function isLogin(expected: Record<string, string>): (request: EvilRequest) => boolean {
  return ({ body }) => JSON.stringify(Object.entries(JSON.parse(body) as object).toSorted()) === JSON.stringify(Object.entries(expected).toSorted());
}

function tableauSession(): unknown {
  return { credentials: { token: newToken('tableau'), site: { id: 's' }, user: { id: 'u' }, estimatedTimeToExpiration: '177:05:38' } };
}

function installationToken(): unknown {
  return { token: newToken('installation'), expires_at: new Date(Date.now() + 3_600_000).toISOString() };
}

/** The digest is over nonce, moment and secret; the moment is this one. */
function isWsse({ headers }: EvilRequest): boolean {
  const [, nonce = '', created = ''] = /Nonce="([^"]+)", Created="([^"]+)"/.exec(String(headers['x-wsse'])) ?? [];
  const digest = Buffer.from(createHash('sha1').update(`${nonce}${created}secret`).digest('hex')).toString('base64');
  return String(headers['x-wsse']).includes(`Username="ada", PasswordDigest="${digest}"`) && Math.abs(Date.now() - Date.parse(created)) < 300_000;
}

function isAws({ headers }: EvilRequest, key: string): boolean {
  return String(headers.authorization).startsWith(`AWS4-HMAC-SHA256 Credential=${key}/`);
}

const assumeRole: EvilAnswer = (request, response) => {
  const role = new URLSearchParams(request.body).get('RoleArn');
  if (!isAws(request, 'AKIA1') || role !== 'arn:aws:iam::123456789012:role/nango') return asText('<ErrorResponse/>', { status: 403 })(request, response);
  const expiration = new Date(Date.now() + 3_600_000).toISOString();
  const keys = `<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>${newToken('aws')}</SessionToken><Expiration>${expiration}</Expiration>`;
  const xml = `<AssumeRoleResponse><AssumeRoleResult><Credentials>${keys}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  return asText(xml, { headers: { 'content-type': 'text/xml' } })(request, response);
};

function isSignedToken(token: string, algorithm: 'ES256' | 'RS256'): boolean {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const key = createPublicKey(
    algorithm === 'ES256' ? ecKey.publicKey.export({ type: 'spki', format: 'pem' }) : rsaKey.publicKey.export({ type: 'spki', format: 'pem' }),
  );
  const isRight = verify('sha256', Buffer.from(`${head}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  return isRight && isAlive(payload);
}

function isGhostToken(token: string): boolean {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const expected = createHmac('sha256', Buffer.from(ghostKey.secret, 'hex')).update(`${head}.${payload}`).digest('base64url');
  return signature === expected && isAlive(payload);
}

function isAlive(payload: string): boolean {
  const { iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iat: number; exp: number };
  return iat <= Date.now() / 1000 + 1 && exp > Date.now() / 1000;
}
