import { randomUUID } from 'node:crypto';
import type { ManifestScript, ParsedManifest, ParsedScript } from 'manifest';
import type { ScriptContext } from 'model';
import { RestError, type RestClient } from '../api/rest-client.js';
import { CliError } from '../cli-error.js';

/** What the command line says about a dry run. */
export type DryrunRequest = {
  script: ManifestScript;
  connectionId: string;
  environmentName: string;
  lastSyncDate?: string | undefined;
  variant?: string | undefined;
};

/** The script's entry in nango.yaml; null for event scripts, which have none. */
export function flowOf(manifest: ParsedManifest, { providerConfigKey, name, kind }: ManifestScript): ParsedScript | null {
  const integration = manifest.integrations.find((candidate) => candidate.providerConfigKey === providerConfigKey);
  const flows = kind === 'sync' ? integration?.syncs : kind === 'action' ? integration?.actions : [];
  return flows?.find((flow) => flow.name === name) ?? null;
}

/** What a script knows of its run; beside it the connection's credentials, which must not be written anywhere. */
export type DryrunContext = { context: ScriptContext; credentials: unknown };

/** Asks the server who the connection is, and puts together what a script knows of its run. */
export async function dryrunContext(client: RestClient, manifest: ParsedManifest, request: DryrunRequest): Promise<DryrunContext> {
  const { script, connectionId, environmentName } = request;
  const connection = await findConnection(client, script.providerConfigKey, connectionId);
  const flow = flowOf(manifest, script);
  const sync = script.kind === 'sync' ? manifest.integrations.flatMap(({ syncs }) => syncs).find((candidate) => candidate === flow) : undefined;
  const context: ScriptContext = {
    executionId: randomUUID(),
    operationId: randomUUID(),
    kind: script.kind === 'on-event' ? 'event' : script.kind,
    environmentId: 0,
    environmentName,
    connectionId,
    providerConfigKey: script.providerConfigKey,
    provider: connection.provider,
    nangoConnectionId: connection.id,
    syncId: sync ? randomUUID() : null,
    variant: request.variant ?? 'base',
    scriptName: script.name,
    models: sync?.output ?? [],
    trackDeletes: sync?.track_deletes ?? false,
    attributes: flow?.attributes ?? {},
    lastSyncDate: readDate(request.lastSyncDate),
    entry: 'default',
    providerPagination: await findPagination(client, connection.provider),
  };
  return { context, credentials: connection.credentials };
}

type FoundConnection = { id: number; provider: string; credentials: unknown };

async function findConnection(client: RestClient, providerConfigKey: string, connectionId: string): Promise<FoundConnection> {
  const found = await client.json(`/connection/${encodeURIComponent(connectionId)}`, {
    query: { provider_config_key: providerConfigKey },
    headers: { 'nango-is-sync': 'true', 'nango-is-dry-run': 'true' },
  });
  if (!isObject(found) || typeof found['provider'] !== 'string')
    throw new CliError(`The server's answer about the connection '${connectionId}' cannot be understood`);
  return { id: Number(found['id'] ?? 0), provider: found['provider'], credentials: found['credentials'] };
}

/** The provider's own paging rules; without them a script names its own. */
async function findPagination(client: RestClient, provider: string): Promise<Record<string, unknown> | null> {
  try {
    const found = await client.json(`/providers/${encodeURIComponent(provider)}`);
    const proxy = isObject(found) && isObject(found['data']) && isObject(found['data']['proxy']) ? found['data']['proxy'] : {};
    return isObject(proxy['paginate']) ? proxy['paginate'] : null;
  } catch (error) {
    if (error instanceof RestError) return null;
    throw error;
  }
}

function readDate(text: string | undefined): string | null {
  if (text === undefined) return null;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new CliError(`--lastSyncDate: '${text}' is no date; write for example 2026-01-31 or 2026-01-31T12:00:00Z`);
  return date.toISOString();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
