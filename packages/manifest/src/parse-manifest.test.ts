import { describe, expect, it } from 'vitest';
import { parseManifest } from './parse-manifest.js';

function read(yaml: string, folderName = 'folder') {
  const { manifest, problems } = parseManifest(yaml, { folderName });
  if (!manifest) throw new Error(problems.map(({ message }) => message).join('\n'));
  return { ...manifest, problems };
}

const v1 = `
integrations:
  asana-dev:
    asana-tasks:
      runs: every 30min
      returns:
        - AsanaTask
      track_deletes: true
      attributes: { a: 1 }
      something: else
    slack-alert:
      type: action
      returns: Ok
models:
  AsanaTask:
    id: string
  Ok:
    ok: boolean
`;

const v2 = `
integrations:
  github:
    syncs:
      issues:
        runs: every hour
        description: |
          Copies issues.
        output: [Issue, Label]
        endpoint:
          - GET /issues
          - { method: GET, path: /labels, group: Labels }
        scopes: repo, read:org
        version: 1.0.0
        input: Meta
        webhook-subscriptions: '*'
        auto_start: false
    actions:
      close-issue:
        input: A | B
        output: Issue | null
        endpoint: /issues/close
        scopes: [repo]
        version: 3
    on-events:
      post-connection-creation: [setup]
models:
  Meta: { repo: Label }
  Issue: { id: string, labels: 'Label[]' }
  Label: { id: string }
  A: { id: string }
  B: { id: string }
`;

describe('nango.yaml of version 1', () => {
  it('has scripts right below an integration, syncs being the default', () => {
    const { yamlVersion, integrations } = read(v1);
    expect(yamlVersion).toBe('v1');
    expect(integrations[0]?.syncs[0]).toEqual({
      type: 'sync',
      name: 'asana-tasks',
      description: '',
      version: '',
      runs: 'every 30min',
      sync_type: 'incremental',
      track_deletes: true,
      auto_start: true,
      input: null,
      output: ['AsanaTask'],
      scopes: [],
      endpoints: [],
      usedModels: ['AsanaTask'],
      webhookSubscriptions: [],
      attributes: { a: 1 },
    });
    expect(integrations[0]?.actions[0]).toMatchObject({ type: 'action', name: 'slack-alert', output: ['Ok'], endpoint: null });
  });

  it('leaves a sync without returns out, with a warning, and lets an action do without', () => {
    const { integrations, problems } = read('integrations: { a: { s: { runs: every hour }, b: { type: action } } }');
    expect(integrations[0]).toMatchObject({ syncs: [], actions: [{ name: 'b', output: null }] });
    expect(problems.map(({ code }) => code)).toEqual(['no_output']);
  });

  it('lets ${PWD} stand for the folder', () => {
    expect(read('integrations: { "${PWD}": { b: { type: action } } }', 'hubspot').integrations[0]?.providerConfigKey).toBe('hubspot');
  });

  it('may have no integration at all', () => {
    expect(read('integrations: {}')).toMatchObject({ yamlVersion: 'v1', integrations: [], models: [] });
  });
});

describe('nango.yaml of version 2', () => {
  it('has syncs with one endpoint per model', () => {
    expect(read(v2).integrations[0]?.syncs[0]).toMatchObject({
      description: 'Copies issues.',
      output: ['Issue', 'Label'],
      endpoints: [
        { method: 'GET', path: '/issues' },
        { method: 'GET', path: '/labels', group: 'Labels' },
      ],
      sync_type: 'full',
      auto_start: false,
      version: '1.0.0',
      input: 'Meta',
      webhookSubscriptions: ['*'],
      usedModels: ['Issue', 'Label', 'Meta'],
    });
  });

  it('takes any other word for a sync_type as full, with a warning', () => {
    const { integrations, problems } = read(v2.replace('runs: every hour', 'runs: every hour\n        sync_type: fulll'));
    expect(integrations[0]?.syncs[0]?.sync_type).toBe('full');
    expect(problems.map(({ code, severity }) => [severity, code])).toContainEqual(['warning', 'invalid_sync_type']);
  });

  it('splits scopes at commas and keeps the parts as they are', () => {
    expect(read(v2).integrations[0]?.syncs[0]?.scopes).toEqual(['repo', ' read:org']);
  });

  it('makes anonymous models of written inputs and outputs', () => {
    const { integrations, models, problems } = read(v2);
    expect(integrations[0]?.actions[0]).toMatchObject({
      input: 'Anonymous_github_action_closeissue_input',
      output: ['Anonymous_github_action_closeissue_output'],
      endpoint: { method: 'POST', path: '/issues/close' },
      version: '3',
    });
    expect(models.filter(({ isAnon }) => isAnon).map(({ name }) => name)).toEqual([
      'Anonymous_github_action_closeissue_output',
      'Anonymous_github_action_closeissue_input',
    ]);
    expect(problems.map(({ code }) => code)).toEqual(['model_is_literal', 'model_is_literal']);
  });

  it('has event scripts, and knows their older form', () => {
    expect(read(v2).integrations[0]?.onEventScripts['post-connection-creation']).toEqual(['setup']);
    const older = read('integrations: { a: { syncs: {}, post-connection-scripts: [setup] } }');
    expect(older.integrations[0]?.postConnectionScripts).toEqual(['setup']);
  });

  it('takes a model named like a declaration of the platform', () => {
    const { models } = read('integrations: {}\nmodels: { ActionResponse: { id: string }, Metadata: { id: string }, NangoActionError: { id: string } }');
    expect(models).toHaveLength(3);
  });
});
