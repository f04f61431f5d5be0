import { DeployRequest } from 'model';
import { z } from 'zod';

/** A deploy's body in any era's form: `flowConfigs`, or the `syncs` and `postConnectionScriptsByProvider` of older CLIs (surface 3.4). */
export const DeployPayload = z.preprocess(fromOlderForms, DeployRequest);

type Loose = Record<string, unknown>;

function fromOlderForms(body: unknown): unknown {
  if (!isObject(body)) return body;
  const { syncs, postConnectionScriptsByProvider, ...rest } = body;
  return {
    ...rest,
    ...(rest['flowConfigs'] === undefined && Array.isArray(syncs) ? { flowConfigs: syncs.map(fromFirstEra) } : {}),
    ...(rest['onEventScriptsByProvider'] === undefined && Array.isArray(postConnectionScriptsByProvider)
      ? { onEventScriptsByProvider: postConnectionScriptsByProvider.map(fromPostConnection) }
      : {}),
  };
}

function fromFirstEra(flow: unknown): unknown {
  if (!isObject(flow)) return flow;
  const { returns, name, ...rest } = flow;
  return { type: 'sync', syncName: name, models: typeof returns === 'string' ? [returns] : (returns ?? []), ...rest };
}

function fromPostConnection(entry: unknown): unknown {
  if (!isObject(entry) || !Array.isArray(entry['scripts'])) return entry;
  return { ...entry, scripts: entry['scripts'].map((script: unknown) => (isObject(script) ? { event: 'post-connection-creation', ...script } : script)) };
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
