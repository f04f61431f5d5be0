import { z } from 'zod';
import { AwsCredentials, OAuth1Credentials, TbaCredentials } from './signing-credentials.js';
import {
  AppCredentials,
  AppStoreCredentials,
  BillCredentials,
  ClientCredentials,
  CustomCredentials,
  JwtCredentials,
  SignatureCredentials,
  TableauCredentials,
  TwoStepCredentials,
} from './token-credentials.js';

/** How a provider lets itself be authorised; the catalogue's `auth_mode`. */
export const AuthMode = z.enum([
  'OAUTH1',
  'OAUTH2',
  'OAUTH2_CC',
  'BASIC',
  'API_KEY',
  'APP',
  'APP_STORE',
  'CUSTOM',
  'TBA',
  'TABLEAU',
  'JWT',
  'BILL',
  'TWO_STEP',
  'SIGNATURE',
  'AWS_SIGV4',
  'NONE',
]);
export type AuthMode = z.infer<typeof AuthMode>;

/** Tokens of an OAuth 2.0 grant. `raw` is the token endpoint's answer as it came. */
export const OAuth2Credentials = z.object({
  type: z.literal('OAUTH2'),
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_at: z.coerce.date().optional(),
  raw: z.record(z.string(), z.unknown()).default({}),
  config_override: z.object({ client_id: z.string().optional(), client_secret: z.string().optional() }).optional(),
});
export type OAuth2Credentials = z.infer<typeof OAuth2Credentials>;

/** A pasted key. `api_key` is upstream's other spelling on some imports; stored and answered as `apiKey`. */
export const ApiKeyCredentials = z.object({ type: z.literal('API_KEY'), apiKey: z.string() });
export type ApiKeyCredentials = z.infer<typeof ApiKeyCredentials>;

/** A user name and a password; either may be empty. */
export const BasicCredentials = z.object({ type: z.literal('BASIC'), username: z.string(), password: z.string() });
export type BasicCredentials = z.infer<typeof BasicCredentials>;

/** A connection to an API that asks for nothing. */
export const NoCredentials = z.object({ type: z.literal('NONE') });

/** What a connection authorises itself with. Encrypted at rest. */
export const Credentials = z.discriminatedUnion('type', [
  OAuth2Credentials,
  ApiKeyCredentials,
  BasicCredentials,
  NoCredentials,
  OAuth1Credentials,
  TbaCredentials,
  AwsCredentials,
  ClientCredentials,
  AppCredentials,
  AppStoreCredentials,
  JwtCredentials,
  TwoStepCredentials,
  SignatureCredentials,
  BillCredentials,
  TableauCredentials,
  CustomCredentials,
]);
export type Credentials = z.infer<typeof Credentials>;

/** The auth modes a connection can be made for today; the others answer `wrong_auth_mode`. */
export const supportedAuthModes = ['OAUTH2', 'API_KEY', 'BASIC', 'NONE'] as const satisfies AuthMode[];
