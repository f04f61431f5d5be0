import type { Described } from './described-server.js';

/** Catalogue entries for tests, one per kind of form. */
export const providers = {
  key: {
    name: 'key',
    display_name: 'Key',
    auth_mode: 'API_KEY',
    docs_connect: 'https://docs.example.com/key',
    credentials: { apiKey: { title: 'API key', secret: true, doc_section: 'step-2' } },
  },
  shop: {
    name: 'shop',
    display_name: 'Shop',
    auth_mode: 'OAUTH2',
    connection_config: {
      subdomain: { title: 'Store', example: 'acme', pattern: '^[a-z0-9-]+$', suffix: '.shop.example', description: 'The first part of the address' },
    },
  },
  plain: { name: 'plain', display_name: 'Plain', auth_mode: 'OAUTH2' },
  rich: {
    name: 'rich',
    display_name: 'Rich',
    auth_mode: 'TWO_STEP',
    connection_config: {
      host: { title: 'Host', format: 'hostname', prefix: 'https://', order: 1 },
      region: { title: 'Region', enum: ['eu', 'us'], order: 2 },
      cluster: { title: 'Cluster', order: 3, visible_when: { field: 'region', equals: 'us' } },
    },
    credentials: { email: { title: 'Email', format: 'email' }, pem: { title: 'Key file', multiline: true }, note: { title: 'Note', optional: true } },
  },
} as const satisfies Record<string, Described>;

const pair = (mode: Described['auth_mode']): Described => ({ name: mode.toLowerCase(), display_name: mode, auth_mode: mode });

/** Entries that say nothing about their credential: the page knows the fields of their mode. */
export const bareProviders = (['API_KEY', 'BASIC', 'OAUTH2_CC', 'TBA', 'SIGNATURE', 'BILL', 'APP_STORE', 'TABLEAU', 'AWS_SIGV4', 'NONE'] as const).map(pair);

/** More than one screen of them, among them names that do not fit. */
export const manyProviders: Described[] = [
  { ...pair('API_KEY'), name: 'long', display_name: 'Enterprise Resource Planning Suite for Internationally Distributed Organisations (sandbox)' },
  { ...pair('API_KEY'), name: 'unbroken', display_name: 'Donaudampfschifffahrtsgesellschaftskapitänsmützenverwaltung', hasBrokenLogo: true },
  ...Array.from({ length: 10 }, (_, index): Described => ({ ...pair('API_KEY'), name: `api-${index}`, display_name: `Product ${index}` })),
];
