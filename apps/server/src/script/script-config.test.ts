import { describe, expect, it } from 'vitest';
import { toActionTool } from './action-tool.js';
import { referencedSchema } from './referenced-schema.js';
import { type DeployedRow, toIntegrationScripts } from './script-config.js';

const schema = {
  definitions: {
    Input: { type: 'object', properties: { owner: { $ref: '#/definitions/User' } }, required: ['owner'] },
    User: { type: 'object', properties: { manager: { $ref: '#/definitions/User' } } },
    Other: { type: 'object' },
  },
};
const version: DeployedRow['version'] = {
  version: '1',
  createdAt: new Date(0),
  runs: '',
  syncType: 'full',
  trackDeletes: false,
  autoStart: true,
  models: ['User'],
  input: 'Input',
  modelSchema: [{ name: 'User', fields: [{ name: 'id', value: 'string' }] }],
  endpoints: [],
  attributes: {},
  description: 'Says hello',
  scopes: [],
  webhookSubscriptions: [],
  events: [],
};
const configOf = (change: Partial<DeployedRow['version']> = {}) => {
  const row = { id: 1, type: 'action', name: 'greet', enabled: true, version: { ...version, ...change }, jsonSchema: schema };
  const [config] = toIntegrationScripts({ uniqueKey: 'slack', provider: 'slack' }, [row]).actions;
  if (!config) throw new Error('an action is listed');
  return config;
};

describe('the JSON schema of a script', () => {
  it('holds what its models refer to, and nothing else', () => {
    expect(Object.keys(referencedSchema(schema, ['Input'])?.definitions ?? {}).toSorted()).toEqual(['Input', 'User']);
  });

  it('is absent where no model is known', () => {
    expect(referencedSchema(schema, ['Unknown'])).toBeNull();
    expect(referencedSchema(null, ['Input'])).toBeNull();
  });
});

describe('an action as a tool', () => {
  it('has its input as parameters', () => {
    expect(toActionTool(configOf())).toEqual({
      type: 'function',
      name: 'greet',
      description: 'Says hello',
      parameters: { ...schema.definitions.Input, definitions: { User: schema.definitions.User } },
    });
  });

  it('puts an input that is no object under a name', () => {
    expect(toActionTool(configOf({ input: 'string', models: [] })).parameters).toEqual({
      type: 'object',
      properties: { input: { type: 'string' } },
      required: ['input'],
    });
  });

  it('takes no parameters without an input', () => {
    expect(toActionTool(configOf({ input: null })).parameters).toEqual({ type: 'object', properties: {}, required: [] });
  });
});
