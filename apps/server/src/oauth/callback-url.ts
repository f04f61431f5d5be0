/** Where providers send the browser back to, unless the environment has set another address. */
export function defaultCallbackUrl(serverUrl: string): string {
  return `${serverUrl}/oauth/callback`;
}

/**
 * The redirect URI of an integration: one for the whole environment, which apps are registered with, or one for each integration where the
 * setting holds `{integrationKey}`. An address of the team's own has to redirect here with its query.
 */
export function callbackUrl(serverUrl: string, setting: string | null, integrationKey: string): string {
  return (setting ?? defaultCallbackUrl(serverUrl)).replaceAll(/\{integrationKey\}|%7BintegrationKey%7D/gi, encodeURIComponent(integrationKey));
}
