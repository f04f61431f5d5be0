import type { ConnectField, ConnectProvider, ConnectSession } from 'model/connect';

/** One value that the end user is asked for. `place` says where it goes. */
export type FormField = ConnectField & { name: string; place: 'credential' | 'config'; required: boolean };

/** The ways to connect that this page has a form for, with the fields they need. */
const credentialFields = {
  API_KEY: { apiKey: { title: 'API key', secret: true } },
  BASIC: { username: { title: 'User name' }, password: { title: 'Password', secret: true } },
  NONE: {},
} as const satisfies Partial<Record<ConnectProvider['auth_mode'], Record<string, ConnectField>>>;
type FormMode = keyof typeof credentialFields;

/** Whether an API is connected by filling in a form; the other ways go over the API's own pages. */
export function isFormMode(mode: ConnectProvider['auth_mode']): mode is FormMode {
  return mode in credentialFields;
}

/** Whom the form is for: what the product has decided about the integration is not asked for. */
export type FormContext = { integrationKey: string; session: Pick<ConnectSession, 'connection_id' | 'integrations_config_defaults'> };

/** The fields to show, values for URLs before the credential, each group in the catalogue's order. */
export function formFields(provider: ConnectProvider, { integrationKey, session }: FormContext): FormField[] {
  if (!isFormMode(provider.auth_mode)) return [];
  const decided = session.integrations_config_defaults?.[integrationKey]?.connection_config ?? {};
  const isReconnect = session.connection_id !== null;
  const config = shown(provider.connection_config)
    .filter(([name]) => !(name in decided))
    .map(([name, field]) => ({ ...field, name, place: 'config' as const, required: !field.optional && !isReconnect }));
  const own: Record<string, ConnectField> = { ...credentialFields[provider.auth_mode] };
  const credential = Object.entries(own).map(([name, field]) => {
    const described = { ...field, ...provider.credentials?.[name] };
    // Some APIs take a key as the user name or as the password, and nothing as the other.
    return { ...described, name, place: 'credential' as const, required: provider.auth_mode === 'API_KEY' && !described.optional };
  });
  return [...config, ...credential];
}

type Submission = { path: string; params: Record<string, string>; body: object };

/** What the routes of the browser take: the credential as the body, the values for URLs as `params[...]`. Empty values stay away. */
export function submission(provider: ConnectProvider, fields: FormField[], valueOf: (field: FormField) => string): Submission {
  const values = (place: FormField['place']): [string, string][] =>
    fields.filter((field) => field.place === place).map((field) => [field.name, valueOf(field).trim()]);
  const config = [...hiddenValues(provider), ...values('config')].filter(([, value]) => value !== '');
  return {
    path: paths[isFormMode(provider.auth_mode) ? provider.auth_mode : 'NONE'],
    params: Object.fromEntries(config.map(([name, value]) => [`params[${name}]`, value])),
    body: Object.fromEntries(values('credential')),
  };
}

function hiddenValues({ connection_config = {} }: ConnectProvider): [string, string][] {
  return Object.entries(connection_config).flatMap(([name, { hidden, default_value }]) => (hidden && default_value ? [[name, default_value]] : []));
}

const paths = { API_KEY: '/api-auth/api-key', BASIC: '/api-auth/basic', NONE: '/auth/unauthenticated' } as const satisfies Record<FormMode, string>;

function shown(fields: Record<string, ConnectField> = {}): [string, ConnectField][] {
  return Object.entries(fields)
    .filter(([, { hidden, automated }]) => !hidden && !automated)
    .sort(([, a], [, b]) => (a.order ?? Infinity) - (b.order ?? Infinity) || 0);
}
