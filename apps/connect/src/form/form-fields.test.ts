import type { ConnectProvider } from 'model/connect';
import { describe, expect, it } from 'vitest';
import { formFields } from './form-fields.js';
import { opensWindow, submission } from './submission.js';

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
const names = (context: Parameters<typeof formFields>[1], of = provider) =>
  formFields(of, context).map(({ name, required }) => `${name}${required ? '!' : ''}`);
const bare = (auth_mode: ConnectProvider['auth_mode'], more: Partial<ConnectProvider> = {}): ConnectProvider => ({
  name: 'desk',
  display_name: 'Desk',
  auth_mode,
  ...more,
});

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

  it('lets a connection that exists keep its values', () => {
    expect(names({ integrationKey: 'desk', session: { connection_id: 'c1' } })).toEqual(['first', 'second', 'username', 'password']);
  });

  it.each([
    ['API_KEY', ['apiKey!']],
    ['OAUTH2_CC', ['client_id!', 'client_secret!']],
    ['TBA', ['accountId!', 'token_id!', 'token_secret!']],
    ['TABLEAU', ['pat_name!', 'pat_secret!', 'content_url']],
    ['AWS_SIGV4', ['role_arn!', 'region']],
    ['MCP_OAUTH2_GENERIC', ['mcp_server_url!']],
    ['OAUTH2', []],
    ['CUSTOM', []],
    ['NONE', []],
  ] as const)('knows what %s cannot do without', (mode, expected) => {
    expect(names({ integrationKey: 'desk', session }, bare(mode))).toEqual(expected);
  });

  it('asks for what only the entry of a token exchange names, its assertion among it', () => {
    const credentials = { login: { title: 'Login' }, fixed: { title: 'Fixed', hidden: true, default_value: 'f' } };
    const twoStep = bare('TWO_STEP', { credentials, assertion_option: { audience: { title: 'Audience' }, algorithm: 'RS256' } });
    const fields = formFields(twoStep, { integrationKey: 'desk', session });
    expect(fields.map(({ name }) => name)).toEqual(['login', 'audience']);
    expect(submission(twoStep, fields, { 'credential.login': 'ada', 'assertion.audience': 'api' })).toEqual({
      params: {},
      credentials: { type: 'TWO_STEP', fixed: 'f', login: 'ada' },
      assertionOption: { audience: 'api' },
    });
  });
});

describe('what is sent', () => {
  it('is the credential, and the values for URLs with hidden ones among them, trimmed and without empty ones', () => {
    const fields = formFields(provider, { integrationKey: 'desk', session });
    const typed = { 'config.first': ' acme ', 'config.second': '  ', 'credential.username': 'ada ', 'credential.password': '' };
    expect(submission(provider, fields, typed)).toEqual({
      params: { region: 'eu', first: 'acme' },
      credentials: { type: 'BASIC', username: 'ada', password: '' },
    });
  });

  it.each(['OAUTH1', 'OAUTH2', 'APP', 'CUSTOM', 'MCP_OAUTH2', 'MCP_OAUTH2_GENERIC'] as const)('is no credential where %s opens a window', (mode) => {
    expect([opensWindow(bare(mode)), submission(bare(mode), [], {})]).toEqual([true, { params: {} }]);
  });

  it('is that the provider’s own pages begin the installation, where they do', () => {
    const app = bare('APP', { installation: 'outbound' });
    expect([opensWindow(app), submission(app, [], {})]).toEqual([false, { params: {}, installation: 'outbound' }]);
  });
});
