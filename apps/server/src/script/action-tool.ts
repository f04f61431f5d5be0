import type { ActionTool, ScriptConfig } from 'model';
import { isObject } from './referenced-schema.js';

/** An action as a language model may call it: its input as the parameters. */
export function toActionTool({ name, description, input, json_schema: schema }: ScriptConfig): ActionTool {
  return { type: 'function', name, description, parameters: parametersOf(input, schema) };
}

const nothing = { type: 'object', properties: {}, required: [] };

// Tools take an object; an input that is none stands under the name `input`.
function parametersOf(input: unknown, schema: Record<string, unknown> | null): Record<string, unknown> {
  const name = isObject(input) ? String(input['name'] ?? '') : typeof input === 'string' ? input : '';
  if (!name) return nothing;
  const { [name]: own, ...others } = isObject(schema?.['definitions']) ? schema['definitions'] : {};
  const definitions = Object.keys(others).length === 0 ? {} : { definitions: others };
  if (isObject(own) && own['type'] === 'object') return { ...nothing, ...own, ...definitions };
  const described = isObject(own) ? own : primitiveOf(name);
  return { type: 'object', properties: { input: described }, required: ['input'], ...definitions };
}

function primitiveOf(name: string): Record<string, unknown> {
  return ['string', 'number', 'boolean'].includes(name) ? { type: name } : {};
}
