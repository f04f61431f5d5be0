/** Sent to `POST /api-auth/api-key/{key}`. */
export interface ApiKeyCredentials {
  type?: 'API_KEY';
  apiKey: string;
}

/** Sent to `POST /api-auth/basic/{key}`. Either value may be empty. */
export interface BasicCredentials {
  type?: 'BASIC';
  username?: string;
  password?: string;
}

/** Sent to `POST /auth/tba/{key}`. */
export interface TbaCredentials {
  type?: 'TBA';
  token_id: string;
  token_secret: string;
  oauth_client_id_override?: string;
  oauth_client_secret_override?: string;
}

/** Sent to `POST /oauth2/auth/{key}`. */
export interface ClientCredentials {
  type?: 'OAUTH2_CC';
  client_id: string;
  client_secret: string;
  client_certificate?: string;
  client_private_key?: string;
}

/** Sent to `POST /app-store-auth/{key}`. */
export interface AppStoreCredentials {
  type?: 'APP_STORE';
  privateKeyId: string;
  issuerId: string;
  privateKey: string;
  scope?: string[];
}

/** Sent to `POST /auth/bill/{key}`. */
export interface BillCredentials {
  type?: 'BILL';
  username: string;
  password: string;
  organization_id: string;
  dev_key: string;
}

/** Sent to `POST /auth/tableau/{key}`. */
export interface TableauCredentials {
  type?: 'TABLEAU';
  pat_name: string;
  pat_secret: string;
  content_url?: string;
}

/** Sent to `POST /auth/jwt/{key}`; the catalogue's entry names the fields. */
export type JwtCredentials = { type: 'JWT'; [field: string]: unknown } | { privateKey: string | { id: string; secret: string } };

/** Sent to `POST /auth/two-step/{key}`; the catalogue's entry names the fields. */
export interface TwoStepCredentials {
  type: 'TWO_STEP';
  [field: string]: unknown;
}

/** Sent to `POST /auth/signature/{key}`. */
export interface SignatureCredentials {
  type: 'SIGNATURE';
  username: string;
  password: string;
}

/** Sent to `POST /auth/aws-sigv4/{key}`. */
export interface AwsSigV4Credentials {
  type: 'AWS_SIGV4';
  role_arn: string;
  region?: string;
}

/** The end user's own OAuth client or refresh token. The popup opens as usual and gets them in its address. */
export interface OAuthOverrides {
  oauth_client_id_override?: string;
  oauth_client_secret_override?: string;
  oauth_refresh_token_override?: string;
}

/** Everything that an end user can paste; its fields choose the route (surface 5.1). */
export type Credentials =
  | ApiKeyCredentials
  | BasicCredentials
  | TbaCredentials
  | ClientCredentials
  | AppStoreCredentials
  | BillCredentials
  | TableauCredentials
  | JwtCredentials
  | TwoStepCredentials
  | SignatureCredentials
  | AwsSigV4Credentials
  | OAuthOverrides;
