import type { Credentials, EndUser, IntegrationRateLimit, Metadata, RateLimitSetting } from 'model';
import type { Provider } from 'providers';

/** The id of a connection whose credential is tried before there is a row for it. */
export const notMadeYet = 0;

/** Which connection: by its names within an environment. */
export type ConnectionName = { environmentId: number; providerConfigKey: string; connectionId: string };

/** What is remembered of an API's refusals of one version of a credential. */
export type CredentialRefusalState = {
  count: number;
  /** When the first came, ISO. */
  since: string;
  /** Some of those that were called. */
  endpoints: string[];
  /** This version was made because the one before was refused. */
  isRenewed: boolean;
  /** The team has been told. */
  reported: boolean;
  /** When the verification endpoint was asked, ISO. */
  verifiedAt?: string;
};

/** A connection's row as far as the proxy needs it; its credential is sealed. */
export type ConnectionRow = {
  id: number;
  integrationId: number;
  environmentId: number;
  connectionId: string;
  providerConfigKey: string;
  provider: string;
  connectionConfig: Record<string, unknown>;
  metadata: Metadata;
  endUser: EndUser | null;
  tags: Record<string, string>;
  createdAt: Date;
  updatedAt: Date;
  lastFetchedAt: Date | null;
  sealedCredentials: string;
  oauthClientId: string | null;
  sealedClientSecret: string | null;
  credentialVersion: number;
  /** Null while the API takes the credential. */
  refusals: CredentialRefusalState | null;
  credentialIssuedAt: Date | null;
  /** The integration's own values of the provider's entry. */
  integrationConfig: Record<string, unknown>;
  /** What the team lets through: of this connection, and of its integration's. */
  rateLimit: RateLimitSetting | null;
  integrationRateLimit: IntegrationRateLimit | null;
};

/** Everything a call needs: whose it is, how the API is called, and with which credential. */
export type Target = {
  connection: ConnectionRow;
  provider: Provider;
  credentials: Credentials;
  credentialVersion: number;
  /** When the credential was issued, where that is known. */
  issuedAt: Date | null;
  /** The integration's client, for auth modes that sign with it too. */
  client?: { id: string; secret: string } | undefined;
};

/** A credential with its version, which every refresh and import raises. */
export type VersionedCredential = Pick<Target, 'credentials' | 'credentialVersion' | 'issuedAt'>;
