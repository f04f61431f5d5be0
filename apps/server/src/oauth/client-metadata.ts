/** The address of an integration's client metadata document: where a server takes it, it is the client id. */
export function clientMetadataUrl(serverUrl: string, environmentUuid: string, integrationKey: string): string {
  return `${serverUrl}/oauth/client-metadata/${environmentUuid}/${encodeURIComponent(integrationKey)}`;
}

/** What an authorization server learns of the client (RFC 7591, section 2). */
export type ClientMetadata = {
  client_id: string;
  client_name: string;
  client_uri: string;
  redirect_uris: string[];
  grant_types: string[];
  response_types: string[];
  token_endpoint_auth_method: 'none';
};

/** The client metadata document of an integration. */
export function clientMetadata({ serverUrl, clientId, name, redirectUri }: { serverUrl: string; clientId: string; name: string; redirectUri: string }): ClientMetadata {
  return {
    client_id: clientId,
    client_name: name,
    client_uri: serverUrl,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
}
