import type { AuthMode } from 'model';
import type { DashboardProvider } from 'model/dashboard';
import { hasOAuthClient, needsOAuthClient, type Provider } from 'providers';

const modesWithAppKey = new Set<AuthMode>(['APP', 'CUSTOM']);
const modesWithRedirect = new Set<AuthMode>(['OAUTH1', 'OAUTH2', 'APP', 'CUSTOM', 'MCP_OAUTH2', 'MCP_OAUTH2_GENERIC']);

/** An entry of the catalogue as the dashboard's forms need it. */
export function toDashboardProvider(provider: Provider): DashboardProvider {
  const { name, display_name, auth_mode, categories = [], docs, setup_guide_url, default_scopes = [] } = provider;
  return {
    name,
    displayName: display_name,
    authMode: auth_mode,
    categories,
    docs: docs ?? null,
    setupGuide: setup_guide_url ?? null,
    client: clientOf(provider),
    appKey: modesWithAppKey.has(auth_mode),
    redirects: modesWithRedirect.has(auth_mode),
    defaultScopes: default_scopes,
    integrationConfig: askedFields(provider.integration_config),
    connectionConfig: askedFields(provider.connection_config),
    credentials: askedFields(provider.credentials),
  };
}

function clientOf({ auth_mode, client_registration }: Provider): DashboardProvider['client'] {
  if (needsOAuthClient(auth_mode) || client_registration === 'static') return 'required';
  return hasOAuthClient(auth_mode) ? 'optional' : 'none';
}

/** Without fields that scripts or the provider's answer fill. */
function askedFields(fields: Provider['connection_config'] = {}): DashboardProvider['connectionConfig'] {
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => !field.automated && !field.hidden));
}
