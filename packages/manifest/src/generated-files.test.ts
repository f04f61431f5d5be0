import { DeployRequest } from 'model';
import { describe, expect, it } from 'vitest';
import { deployRequest } from './deploy-request.js';
import { modelsFile, schemaDocument, schemaTypesFile } from './generated-files.js';
import { parseManifest } from './parse-manifest.js';

const yaml = `integrations:
  github:
    syncs:
      issues:
        runs: every hour
        description: Copies issues.
        output: Issue
        endpoint: GET /issues
        track_deletes: true
    actions:
      close: { input: Close, output: Issue, endpoint: PATCH /issues }
    on-events:
      pre-connection-deletion: [cleanup]
models:
  Issue: { id: string, state: open | closed }
  Close: { id: string }
  Metadata: { repo: string }
  Promise: { kept: boolean, on: date }
`;
const { manifest } = parseManifest(yaml);
if (!manifest) throw new Error('the manifest is valid');

describe('models.ts', () => {
  const text = modelsFile(manifest, '0.70.0');

  it('has the models, the typings of nango, and the manifest', () => {
    expect(text).toContain('export interface Issue {\n  id: string;\n  state: "open" | "closed";\n}');
    for (const name of ['class NangoSync extends NangoAction', 'class NangoAction', 'interface ProxyConfiguration', 'class ActionError'])
      expect(text).toContain(name);
    expect(text).toMatch(/export const NangoFlows = \[[^]*"endpoints": \[[^]*\] as const;\n$/);
    expect(text).toContain('(v0.70.0)');
  });

  it('lets a model have the name of a declaration or of a type of the language', () => {
    expect(text.match(/export interface Metadata /g)).toHaveLength(1);
    expect(text).toContain('setMetadata(metadata: BuiltinMetadata)');
    expect(text).toContain('log(message: any): globalThis.Promise<void>');
  });
});

it('.nango/schema.ts and .nango/schema.json hold the models alone', () => {
  expect(schemaTypesFile(manifest, '1')).not.toContain('NangoSync');
  expect(Object.keys(schemaDocument(manifest, '1').definitions)).toEqual(['Issue', 'Close', 'Metadata', 'Promise']);
  expect(schemaDocument(manifest, '1').$schema).toBe('http://json-schema.org/draft-07/schema#');
});

describe('the body of a deploy', () => {
  const options = { fileOf: ({ name }: { name: string }) => ({ js: `// ${name}`, ts: name }), jsonSchema: schemaDocument(manifest, '1') };

  it('is what the server reads', () => {
    const body = deployRequest(manifest, options);
    expect(DeployRequest.parse(body)).toEqual(body);
    expect(body.flowConfigs[0]).toEqual({
      syncName: 'issues',
      providerConfigKey: 'github',
      type: 'sync',
      models: ['Issue'],
      runs: 'every hour',
      version: '',
      track_deletes: true,
      auto_start: true,
      attributes: {},
      metadata: { description: 'Copies issues.', scopes: [] },
      sync_type: 'full',
      fileBody: { js: '// issues', ts: 'issues' },
      model_schema: manifest.models.filter(({ name }) => name === 'Issue'),
      endpoints: [{ method: 'GET', path: '/issues' }],
      webhookSubscriptions: [],
    });
    expect(body.flowConfigs[1]).toMatchObject({
      syncName: 'close',
      type: 'action',
      runs: '',
      input: 'Close',
      models: ['Issue'],
      endpoints: [{ method: 'PATCH', path: '/issues' }],
    });
    expect(body.onEventScriptsByProvider).toEqual([
      { providerConfigKey: 'github', scripts: [{ name: 'cleanup', event: 'pre-connection-deletion', fileBody: { js: '// cleanup', ts: 'cleanup' } }] },
    ]);
  });

  it('of one script leaves everything else alone', () => {
    const body = deployRequest(manifest, { ...options, only: { kind: 'action', name: 'close' }, version: '4' });
    expect(body.flowConfigs.map(({ syncName, version }) => [syncName, version])).toEqual([['close', '4']]);
    expect(body).toMatchObject({ singleDeployMode: true, reconcile: false });
    expect(body).not.toHaveProperty('onEventScriptsByProvider');
  });
});
