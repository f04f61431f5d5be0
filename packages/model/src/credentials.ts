import { z } from 'zod';
import { AwsCredentials, OAuth1Credentials, TbaCredentials } from './signing-credentials.js';
import {
  AppCredentials,
  AppStoreCredentials,
  BillCredentials,
  ClientCredentials,
  CustomCredentials,
  JwtCredentials,
  McpCredentials,
  OAuth2Credentials,
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
  'MCP_OAUTH2',
  'MCP_OAUTH2_GENERIC',
  'NONE',
]);
export type AuthMode = z.infer<typeof AuthMode>;

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
  McpCredentials,
]);
export type Credentials = z.infer<typeof Credentials>;
