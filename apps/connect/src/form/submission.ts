import type { AuthOptions, Credentials } from '@nangohq/frontend';
import type { AuthMode } from 'model';
import type { ConnectProvider } from 'model/connect';
import { cleanForm } from './form-problems.js';
import { type FormField, type FormValues, hiddenValues } from './form-fields.js';

const popupModes = new Set<AuthMode>(['OAUTH1', 'OAUTH2', 'APP', 'CUSTOM', 'MCP_OAUTH2', 'MCP_OAUTH2_GENERIC']);

/** Whether the provider asks the end user on a page of its own, in a window that the page opens. */
export function opensWindow({ auth_mode, installation }: ConnectProvider): boolean {
  return popupModes.has(auth_mode) && installation !== 'outbound';
}

/** What a filled form asks of `auth`, `create` or `reconnect` of the browser client. Empty values stay away, except in a credential of two parts. */
export function submission(provider: ConnectProvider, fields: FormField[], typed: FormValues): AuthOptions {
  const filled = cleanForm(fields, typed);
  const values = (place: FormField['place']): [string, string][] =>
    filled.filter(({ field }) => field.place === place).map(({ field, value }) => [field.name, value]);
  const params = withoutEmpty([...Object.entries(hiddenValues(provider, 'config')), ...values('config')]);
  if (provider.installation === 'outbound') return { params, installation: 'outbound' };
  if (opensWindow(provider) || provider.auth_mode === 'NONE') return { params };
  const assertionOption = withoutEmpty(values('assertion'));
  return {
    params,
    credentials: credentialsOf(provider, values('credential')),
    ...(Object.keys(assertionOption).length > 0 ? { assertionOption } : {}),
  };
}

function credentialsOf(provider: ConnectProvider, typed: [string, string][]): Credentials {
  const mode = provider.auth_mode;
  const values = mode === 'BASIC' ? Object.fromEntries(typed) : withoutEmpty(typed);
  // The fields are the mode's by `credentialOf`; which mode it is, the compiler cannot know.
  return { type: mode, ...hiddenValues(provider, 'credential'), ...values } as Credentials;
}

function withoutEmpty(values: [string, string][]): Record<string, string> {
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}
