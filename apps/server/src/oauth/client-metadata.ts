/** The address of an integration's client metadata document: where a server takes it, it is the client id. */
export function clientMetadataUrl(serverUrl: string, environmentUuid: string, integrationKey: string): string {
  return `${serverUrl}/oauth/client-metadata/${environmentUuid}/${encodeURIComponent(integrationKey)}`;
}
