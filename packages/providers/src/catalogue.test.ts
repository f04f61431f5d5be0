import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findProvider, loadProviders, readCatalogue } from './catalogue.js';
import { checkFields } from './field-check.js';
import { integrationProvider } from './integration-provider.js';
import type { ProviderField } from './provider.js';
import { tokenUrlOf } from './provider-url.js';

const folders: string[] = [];
const isUrl = (text = ''): boolean => /^https?:\/\/|^\$\{/.test(text);

function aCatalogue(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('the catalogue', () => {
  const names = ['asana', 'slack', 'github', 'github-pat', 'hubspot', 'salesforce', 'google', 'google-drive', 'notion', 'jira', 'linear', 'stripe'];
  const more = ['zendesk', 'intercom', 'airtable', 'gitlab', 'pipedrive', 'xero', 'shopify', 'discord', 'twilio', 'sendgrid', 'openai', 'unauthenticated'];
  const own = ['private-api-bearer', 'private-api-basic', 'private-api-generic', 'private-api-oauth2', 'private-api-oauth2-cc', 'private-api-jwt'];
  const byMode = {
    OAUTH1: ['twitter', 'trello'],
    OAUTH2_CC: ['8x8', 'spotify-oauth2-cc'],
    TWO_STEP: ['google-service-account', 'looker', 'heap'],
    JWT: ['ghost-admin', 'snowflake-jwt', 'apple-app-store'],
    SIGNATURE: ['emarsys'],
    TBA: ['netsuite-tba'],
    BILL: ['bill', 'bill-sandbox'],
    APP: ['github-app'],
    CUSTOM: ['github-app-oauth'],
    APP_STORE: ['apple-app-store-key'],
    TABLEAU: ['tableau-pat'],
    AWS_SIGV4: ['aws-sigv4'],
    MCP_OAUTH2: ['linear-mcp', 'notion-mcp'],
    MCP_OAUTH2_GENERIC: ['mcp-generic'],
    NONE: ['unauthenticated', 'youcanbook-me-public'],
  };

  it.each(Object.entries(byMode))('shows the auth mode %s', (mode, entries) => {
    expect(entries.map((name) => findProvider(name)?.auth_mode)).toEqual(entries.map(() => mode));
  });

  it('has examples and defaults that its own patterns, formats and choices take', () => {
    const problems = [...loadProviders().values()].flatMap(({ name, integration_config, connection_config, credentials }) => {
      const fields = { ...integration_config, ...connection_config, ...credentials };
      const samples = Object.entries(fields).flatMap(([key, { example, default_value }]) => [
        ...checkFields({ [key]: { ...fields[key], optional: true } as ProviderField }, { [key]: example }),
        ...checkFields({ [key]: { ...fields[key], optional: true } as ProviderField }, { [key]: default_value }),
      ]);
      return samples.map(({ message }) => `${name}: ${message}`);
    });
    expect(problems).toEqual([]);
  });

  it.each([...names, ...more, ...own])('knows %s', (name) => {
    expect(findProvider(name)?.name).toBe(name);
  });

  it('gives every OAuth 2.0 provider where to authorise and where to get tokens', () => {
    const oauth = [...loadProviders().values()].filter(({ auth_mode: mode }) => mode === 'OAUTH2');
    expect(oauth.filter((provider) => !isUrl(provider.authorization_url) || !isUrl(tokenUrlOf(provider, 'OAUTH2')))).toEqual([]);
  });

  it('fills every value of an integration that an entry names', () => {
    const unfilled = [...loadProviders().values()].filter((provider) => {
      const fields = Object.entries(provider.integration_config ?? {});
      const values = Object.fromEntries(fields.map(([name, { default_value, example }]) => [name, default_value ?? example]));
      const { integration_config: _, ...filled } = integrationProvider(provider, values);
      return JSON.stringify(filled).includes('${integrationConfig.');
    });
    expect(unfilled).toEqual([]);
  });

  it('names headers in lower case, so that a call can override them', () => {
    const names = [...loadProviders().values()].flatMap(({ proxy }) => Object.keys(proxy?.headers ?? {}));
    expect(names.filter((name) => !name.includes('${') && name !== name.toLowerCase())).toEqual([]);
  });

  it('says what an API is known to let through, and counts together', () => {
    expect(findProvider('notion')?.proxy?.rate_limit).toEqual({ counts: 'connection', limits: [{ requests: 3, per_seconds: 1, burst: 3 }] });
    expect(findProvider('slack')?.proxy?.rate_limit).toEqual({ counts: 'endpoint', limits: [] });
  });

  it('takes what an alias does not say from its target, and a proxy only whole', () => {
    expect(findProvider('google-drive')).toMatchObject({ token_url: findProvider('google')?.token_url, display_name: 'Google Drive' });
    const folder = aCatalogue({
      'a.yaml': 'a:\n  display_name: A\n  auth_mode: NONE\n  proxy: { base_url: https://a.example, headers: { x: "1" } }\n',
      'b.yaml': 'b:\n  alias: a\n  proxy: { base_url: https://b.example }\n',
    });
    expect(readCatalogue(folder).get('b')).toEqual({ name: 'b', display_name: 'A', auth_mode: 'NONE', proxy: { base_url: 'https://b.example' } });
  });

  it('takes several entries from one file', () => {
    const folder = aCatalogue({ 'two.yaml': 'a: { display_name: A, auth_mode: NONE }\nb: { display_name: B, auth_mode: BASIC }\n' });
    expect([...readCatalogue(folder).keys()]).toEqual(['a', 'b']);
  });

  it.each([
    ['a key nobody knows', { 'a.yaml': 'a: { display_name: A, auth_mode: NONE, token_ulr: https://a.example }' }, /'a' in a\.yaml.*token_ulr/s],
    ['an auth mode that does not exist', { 'a.yaml': 'a: { display_name: A, auth_mode: MAGIC }' }, /auth_mode/],
    [
      'a pattern that picks nothing out',
      {
        'a.yaml':
          "a: { display_name: A, auth_mode: NONE, proxy: { base_url: https://a.example, retry: { in_body: { strategy: at, path: x, value: '\\d+' } } } }",
      },
      /no pattern/,
    ],
    [
      'a value of integrations whose example does not fit',
      {
        'a.yaml':
          "a: { display_name: A, auth_mode: NONE, body_format: '${integrationConfig.format}', integration_config: { format: { title: F, example: csv } } }",
      },
      /body_format/,
    ],
    ['an alias of nobody', { 'a.yaml': 'a: { alias: b }' }, /alias of 'b'/],
    ['aliases in a circle', { 'a.yaml': 'a: { alias: b }\nb: { alias: a }' }, /a -> b -> a/],
    [
      'a name given twice',
      { 'a.yaml': 'a: { display_name: A, auth_mode: NONE }', 'b.yaml': 'a: { display_name: A, auth_mode: NONE }' },
      /a\.yaml and in b\.yaml/,
    ],
    ['a file that is a list', { 'a.yaml': '- a' }, /a\.yaml/],
  ])('refuses %s, naming it', (_, files, message) => {
    expect(() => readCatalogue(aCatalogue(files))).toThrow(message);
  });
});
