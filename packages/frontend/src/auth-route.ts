import { AuthError } from './auth-error.js';

/** How a connection is made: in a popup, or by sending what the end user pasted to one route of the server. */
export type AuthRoute = { kind: 'popup'; overrides: Record<string, string> } | { kind: 'post'; path: string; body: Record<string, unknown> };

/** `fields` recognise credentials without a `type`; an entry without fields needs its type. */
interface CredentialForm {
  type: string;
  path: string;
  fields?: string[];
}

// The first match wins, so a form stands before every form that has a subset of its fields.
const forms: CredentialForm[] = [
  { type: 'API_KEY', path: '/api-auth/api-key', fields: ['apiKey'] },
  { type: 'BILL', path: '/auth/bill', fields: ['username', 'password', 'organization_id', 'dev_key'] },
  { type: 'BASIC', path: '/api-auth/basic', fields: ['username'] },
  { type: 'BASIC', path: '/api-auth/basic', fields: ['password'] },
  { type: 'TBA', path: '/auth/tba', fields: ['token_id', 'token_secret'] },
  { type: 'OAUTH2_CC', path: '/oauth2/auth', fields: ['client_id', 'client_secret'] },
  { type: 'APP_STORE', path: '/app-store-auth', fields: ['privateKeyId', 'issuerId', 'privateKey'] },
  { type: 'JWT', path: '/auth/jwt', fields: ['privateKey'] },
  { type: 'TABLEAU', path: '/auth/tableau', fields: ['pat_name', 'pat_secret'] },
  { type: 'TWO_STEP', path: '/auth/two-step' },
  { type: 'SIGNATURE', path: '/auth/signature' },
  { type: 'AWS_SIGV4', path: '/auth/aws-sigv4' },
];

const overrideFields = ['oauth_client_id_override', 'oauth_client_secret_override', 'oauth_refresh_token_override'];

/** Chooses the route from the credentials' `type` or, without one, from their fields. No credentials mean the popup. */
export function chooseAuthRoute({ credentials, installation, assertionOption }: RouteChoice): AuthRoute {
  const { type: _, ...fields } = Object.fromEntries(Object.entries(credentials ?? {}));
  if (installation === 'outbound') return { kind: 'post', path: '/auth/oauth-outbound', body: fields };
  if (!credentials) return { kind: 'popup', overrides: {} };
  const form = findForm(credentials);
  if (form) return { kind: 'post', path: form.path, body: assertionOption === undefined ? fields : { ...fields, assertionOption } };
  if (!overrideFields.some((field) => field in credentials)) {
    throw new AuthError('The credentials have no known form. Pass for example { apiKey } or { username, password }.', 'missing_credentials');
  }
  return { kind: 'popup', overrides: overridesIn(fields) };
}

interface RouteChoice {
  credentials?: object;
  installation?: 'outbound';
  assertionOption?: unknown;
}

/** Whether an object is credentials, which the oldest clients took in place of the options. */
export function areCredentials(candidate: object): boolean {
  return findForm(candidate) !== undefined || overrideFields.some((field) => field in candidate);
}

function findForm(credentials: object): CredentialForm | undefined {
  const given = new Map(Object.entries(credentials).filter(([, value]) => value !== undefined));
  return forms.find(({ type }) => type === given.get('type')) ?? forms.find(({ fields }) => fields?.every((field) => given.has(field)));
}

function overridesIn(fields: Record<string, unknown>): Record<string, string> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
