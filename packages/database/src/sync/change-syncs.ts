import { AppError, channels, type RunOptions } from 'model';
import type { Queryable } from '../pool.js';
import type { SelectedSync } from './select-syncs.js';

/**
 * Asks for a run of each; options of a request that still waits are kept. Syncs of disabled scripts are left out.
 * @throws AppError `disabled_resource` when one of them was named, or nothing else is left
 */
export async function triggerSyncs(
  client: Queryable,
  environmentId: number,
  request: { syncs: SelectedSync[]; named: boolean; options: RunOptions },
): Promise<void> {
  const { syncs, named, options } = request;
  const enabled = syncs.filter((sync) => sync.enabled);
  const disabled = syncs.find((sync) => !sync.enabled);
  if (disabled && (named || enabled.length === 0)) throw new AppError('disabled_resource', { message: `The sync '${disabled.name}' is disabled` });
  await changeSyncs(client, environmentId, idsOf(enabled), {
    assignment: `trigger_request = coalesce(trigger_request, '{}'::jsonb) || $4::jsonb`,
    value: JSON.stringify(options),
  });
}

/** Starts or pauses syncs. */
export async function setSyncState(client: Queryable, environmentId: number, syncs: SelectedSync[], state: 'started' | 'paused'): Promise<void> {
  await changeSyncs(client, environmentId, idsOf(syncs), { assignment: 'state = $4', value: state });
}

/** Changes living syncs' rows; the word for the orchestrator goes out with the commit. `$4` in the assignment is the value. */
export async function changeSyncs(client: Queryable, environmentId: number, ids: string[], change: { assignment: string; value?: unknown }): Promise<void> {
  const values = 'value' in change ? [change.value] : [];
  await client.query(
    `with changed as (
       update sync set ${change.assignment}, schedule_revision = schedule_revision + 1
       where environment_id = $1 and id = any($2::uuid[]) and state <> 'deleted'
       returning id
     ) select pg_notify($3, id::text) from changed`,
    [environmentId, ids, channels.syncSchedule, ...values],
  );
}

function idsOf(syncs: SelectedSync[]): string[] {
  return syncs.map(({ id }) => id);
}
