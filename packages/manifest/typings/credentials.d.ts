/* oxlint-disable typescript/no-explicit-any -- the typings of scripts: permissive, so that those of every age type-check */
export interface OAuth1Token {
  oAuthToken: string;
  oAuthTokenSecret: string;
}

export interface CredentialsCommon<T = Record<string, any>> {
  raw: T;
}

export interface OAuth2Credentials extends CredentialsCommon {
  type: 'OAUTH2';
  access_token: string;
  refresh_token?: string;
  expires_at?: Date;
  config_override?: { client_id?: string; client_secret?: string };
}

export interface OAuth2ClientCredentials extends CredentialsCommon {
  type: 'OAUTH2_CC';
  token: string;
  expires_at?: Date;
  client_id: string;
  client_secret: string;
}

export interface OAuth1Credentials extends CredentialsCommon {
  type: 'OAUTH1';
  oauth_token: string;
  oauth_token_secret: string;
}

export interface BasicApiCredentials {
  type: 'BASIC';
  username: string;
  password: string;
}

export interface ApiKeyCredentials {
  type: 'API_KEY';
  apiKey: string;
}

export interface AppCredentials {
  type: 'APP';
  access_token: string;
  expires_at?: Date;
  raw: Record<string, any>;
}

export interface AppStoreCredentials {
  type: 'APP_STORE';
  access_token: string;
  expires_at?: Date;
  raw: Record<string, any>;
  private_key: string;
}

export interface TbaCredentials {
  type: 'TBA';
  token_id: string;
  token_secret: string;
  config_override: { client_id?: string; client_secret?: string };
}

export interface TableauCredentials extends CredentialsCommon {
  type: 'TABLEAU';
  pat_name: string;
  pat_secret: string;
  content_url?: string;
  token?: string;
  expires_at?: Date;
}

export interface JwtCredentials {
  type: 'JWT';
  token?: string;
  expires_at?: Date;
  [key: string]: any;
}

export interface BillCredentials extends CredentialsCommon {
  type: 'BILL';
  username: string;
  password: string;
  organization_id: string;
  dev_key: string;
  session_id?: string;
  user_id?: string;
  expires_at?: Date;
}

export interface TwoStepCredentials extends CredentialsCommon {
  type: 'TWO_STEP';
  [key: string]: any;
  token?: string;
  expires_at?: Date;
}

export interface SignatureCredentials {
  type: 'SIGNATURE';
  username: string;
  password: string;
  token?: string;
  expires_at?: Date;
}

export interface CustomCredentials extends CredentialsCommon {
  type: 'CUSTOM';
  [key: string]: any;
}

export interface UnauthCredentials {
  type?: 'NONE';
}

export type AuthCredentials =
  | OAuth2Credentials
  | OAuth2ClientCredentials
  | OAuth1Credentials
  | BasicApiCredentials
  | ApiKeyCredentials
  | AppCredentials
  | AppStoreCredentials
  | TbaCredentials
  | TableauCredentials
  | JwtCredentials
  | BillCredentials
  | TwoStepCredentials
  | SignatureCredentials
  | CustomCredentials
  | UnauthCredentials;
