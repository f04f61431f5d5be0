import type { ConnectField } from 'model/connect';
import type { DashboardProvider } from 'model/dashboard';
import type { ReactNode } from 'react';
import { CatalogueFields } from '../../components/catalogue-fields.js';
import { Field } from '../../components/field.js';

type CredentialForm = { fields: ReactNode; complete: (given: unknown) => Record<string, unknown> };

/** What an import asks for a provider's credential, and how the request says it; nothing where a credential cannot be imported. */
export function credentialForm(provider: DashboardProvider): CredentialForm | undefined {
  switch (provider.authMode) {
    case 'OAUTH2':
      return { fields: <OAuth2Fields />, complete: withExpiry };
    case 'MCP_OAUTH2':
    case 'MCP_OAUTH2_GENERIC':
      return undefined;
    case 'NONE':
      return { fields: <p className="text-muted">{provider.displayName} needs no credential.</p>, complete: asGiven };
    default:
      return { fields: <CatalogueFields fields={fieldsOf(provider)} group="credentials" />, complete: asGiven };
  }
}

const secret = (title: string, more: Partial<ConnectField> = {}): ConnectField => ({ title, secret: true, ...more });

/** Fields of auth modes whose entries may declare none of their own, as `POST /connections` names them. */
const usualFields: Partial<Record<DashboardProvider['authMode'], Record<string, ConnectField>>> = {
  API_KEY: { apiKey: secret('API key') },
  BASIC: { username: { title: 'User name', optional: true }, password: secret('Password', { optional: true }) },
  OAUTH1: { oauth_token: secret('Access token'), oauth_token_secret: secret('Access token secret') },
  OAUTH2_CC: { client_id: { title: 'Client id' }, client_secret: secret('Client secret') },
  TBA: { token_id: { title: 'Token id' }, token_secret: secret('Token secret') },
};

const installation = { installation_id: { title: 'Installation id', description: "The number of the app's installation at the provider" } };

function fieldsOf({ authMode, credentials }: DashboardProvider): Record<string, ConnectField> {
  if (authMode === 'APP' || authMode === 'CUSTOM') return installation;
  if (authMode === 'OAUTH1') return usualFields.OAUTH1 ?? {};
  const declared = Object.keys(credentials).length > 0 ? credentials : (usualFields[authMode] ?? {});
  // Some APIs take a key as the user name and nothing as the password, or the other way round.
  return authMode === 'BASIC' ? Object.fromEntries(Object.entries(declared).map(([name, field]) => [name, { ...field, optional: true }])) : declared;
}

function OAuth2Fields() {
  return (
    <>
      <Field label="Access token" name="credentials.access_token" type="password" autoComplete="new-password" required />
      <Field
        label="Refresh token (optional)"
        name="credentials.refresh_token"
        type="password"
        autoComplete="new-password"
        hint="With it, the access token is renewed before it expires."
      />
      <Field
        label="Expires at (optional)"
        name="credentials.expires_at"
        type="datetime-local"
        hint="When the access token expires. Leave it empty if it never does."
      />
    </>
  );
}

/** The field is in the reader's own time zone; a token without an end has to be declared as one. */
function withExpiry(given: unknown): Record<string, unknown> {
  const { expires_at, ...rest } = asGiven(given);
  return typeof expires_at === 'string' ? { ...rest, expires_at: new Date(expires_at).toISOString() } : { ...rest, no_expiration: true };
}

function asGiven(given: unknown): Record<string, unknown> {
  return typeof given === 'object' && given !== null ? { ...given } : {};
}
