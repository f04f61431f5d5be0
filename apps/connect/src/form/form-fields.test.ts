import type { ConnectProvider } from 'model/connect';
import { describe, expect, it } from 'vitest';
import { formFields, submission } from './form-fields.js';

const provider: ConnectProvider = {
  name: 'desk',
  display_name: 'Desk',
  auth_mode: 'BASIC',
  connection_config: {
    second: { title: 'Second', order: 2, optional: true },
    first: { title: 'First', order: 1, suffix: '.desk.example' },
    region: { title: 'Region', hidden: true, default_value: 'eu' },
    cloudId: { title: 'Cloud', automated: true },
  },
  credentials: { username: { title: 'E-mail' } },
};
const session = { connection_id: null };
const names = (context: Parameters<typeof formFields>[1]) => formFields(provider, context).map(({ name, required }) => `${name}${required ? '!' : ''}`);

describe('the form of an integration', () => {
  it('asks for the values of URLs in their order, then for the credential', () => {
    expect(names({ integrationKey: 'desk', session })).toEqual(['first!', 'second', 'username', 'password']);
  });

  it('has the catalogue’s titles, and its own where there are none', () => {
    const titles = formFields(provider, { integrationKey: 'desk', session }).map(({ title }) => title);
    expect(titles).toEqual(['First', 'Second', 'E-mail', 'Password']);
  });

  it('does not ask for what the product has decided', () => {
    const integrations_config_defaults = { desk: { connection_config: { first: 'acme' } }, other: { connection_config: { second: 'x' } } };
    expect(names({ integrationKey: 'desk', session: { ...session, integrations_config_defaults } })).toEqual(['second', 'username', 'password']);
  });

  it('lets what a standing connection has stay as it is', () => {
    expect(names({ integrationKey: 'desk', session: { connection_id: 'c1' } })).toEqual(['first', 'second', 'username', 'password']);
  });

  it('demands an API key', () => {
    const fields = formFields({ ...provider, auth_mode: 'API_KEY' }, { integrationKey: 'desk', session });
    expect(fields.at(-1)).toMatchObject({ name: 'apiKey', title: 'API key', secret: true, required: true });
  });

  it('has no fields for ways that go over other pages', () => {
    expect(formFields({ ...provider, auth_mode: 'OAUTH2' }, { integrationKey: 'desk', session })).toEqual([]);
  });
});

describe('what is sent', () => {
  it('is the credential, and the values for URLs with hidden ones among them, trimmed and without empty ones', () => {
    const fields = formFields(provider, { integrationKey: 'desk', session });
    const typed: Record<string, string> = { first: ' acme ', second: '  ', username: 'ada ', password: '' };
    expect(submission(provider, fields, ({ name }) => typed[name] ?? '')).toEqual({
      path: '/api-auth/basic',
      params: { 'params[region]': 'eu', 'params[first]': 'acme' },
      body: { username: 'ada', password: '' },
    });
  });

  it('is nothing for an API that asks for nothing', () => {
    const open: ConnectProvider = { name: 'open', display_name: 'Open', auth_mode: 'NONE' };
    expect(submission(open, formFields(open, { integrationKey: 'open', session }), () => '')).toEqual({ path: '/auth/unauthenticated', params: {}, body: {} });
  });
});
