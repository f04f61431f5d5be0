import { ConnectField, type ConnectProvider, type ConnectSession } from 'model/connect';
import { configOf, credentialOf } from './default-fields.js';

/** Where a value goes: the values for URLs, the credential, or the TWO_STEP assertion's options. */
type FieldPlace = 'config' | 'credential' | 'assertion';

/** One value that the end user is asked for. */
export type FormField = ConnectField & { name: string; place: FieldPlace; required: boolean };

/** What was typed, by {@link fieldId}. */
export type FormValues = Record<string, string>;

/** The name of a field's input within its form. */
export const fieldId = ({ place, name }: Pick<FormField, 'place' | 'name'>): string => `${place}.${name}`;

/** The integration, and the session that decides what is asked for it. */
export type FormContext = { integrationKey: string; session: Pick<ConnectSession, 'connection_id' | 'integrations_config_defaults'> };

/** The fields of the form, values for URLs before the credential, each group in the catalogue's order. What the product has decided is left out. */
export function formFields(provider: ConnectProvider, { integrationKey, session }: FormContext): FormField[] {
  const decided = session.integrations_config_defaults?.[integrationKey]?.connection_config ?? {};
  const isReconnect = session.connection_id !== null;
  const config = shownFields(configOf(provider))
    .filter(([name]) => !(name in decided))
    // A connection that exists keeps the values that are left empty.
    .map(([name, field]) => ({ ...field, name, place: 'config' as const, required: !field.optional && !isReconnect }));
  const credential = shownFields(credentialOf(provider)).map(([name, field]) => {
    return { ...field, name, place: 'credential' as const, required: isCredentialRequired(provider, field) };
  });
  const assertion = assertionFields(provider).map(([name, field]) => ({ ...field, name, place: 'assertion' as const, required: !field.optional }));
  return [...config, ...credential, ...assertion];
}

/** Values that are sent without being asked for. */
export function hiddenValues(provider: ConnectProvider, place: 'config' | 'credential'): Record<string, string> {
  const fields = place === 'config' ? configOf(provider) : credentialOf(provider);
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, { hidden, default_value }]) => (hidden && default_value !== undefined ? [[name, default_value]] : [])),
  );
}

/** Whether a field is asked for, given what other fields hold (`visible_when`). */
export function isVisible(field: FormField, fields: FormField[], values: FormValues): boolean {
  if (!field.visible_when) return true;
  const { field: name, equals } = field.visible_when;
  const deciding = fields.find((other) => other.name === name && other.place === field.place) ?? fields.find((other) => other.name === name);
  return !deciding || [equals].flat().includes(values[fieldId(deciding)] ?? '');
}

/** Some APIs take a key as the user name or as the password, and nothing as the other; the server has the same rule. */
function isCredentialRequired({ auth_mode }: ConnectProvider, { optional, pattern }: ConnectField): boolean {
  return auth_mode === 'BASIC' ? !(optional ?? pattern === undefined) : !optional;
}

function assertionFields({ auth_mode, assertion_option = {} }: ConnectProvider): [string, ConnectField][] {
  if (auth_mode !== 'TWO_STEP') return [];
  return Object.entries(assertion_option).flatMap(([name, option]) => {
    const field = ConnectField.safeParse(option);
    return field.success ? shownFields({ [name]: field.data }) : [];
  });
}

function shownFields(fields: Record<string, ConnectField>): [string, ConnectField][] {
  return Object.entries(fields)
    .filter(([, { hidden, automated }]) => !hidden && !automated)
    .sort(([, a], [, b]) => (a.order ?? Infinity) - (b.order ?? Infinity) || 0);
}
