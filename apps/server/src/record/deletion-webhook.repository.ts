import type { Deletion, Queryable } from 'database';
import { channels, type RecordCounts, shownModel, syncWebhooks } from 'model';

type Facts = { urls: string[]; runKind: string | null; operationId: string | null; now: Date };

/**
 * Sends the product the sync's webhook, as the run would have done had it deleted by itself. Its `modifiedAfter` is the decision's
 * moment: that is when the records have changed.
 */
export async function tellProduct(client: Queryable, deletion: Deletion, counts: RecordCounts): Promise<void> {
  const { environmentId, syncName, syncVariant, connectionName, providerConfigKey } = deletion;
  // A sync that is gone has no webhooks.
  if (syncName === null || syncVariant === null) return;
  const facts = await readFacts(client, deletion);
  if (!facts || facts.urls.length === 0) return;
  const { urls, runKind, operationId, now } = facts;
  const model = shownModel(deletion.model, syncVariant);
  const sync = { connectionId: connectionName, providerConfigKey, syncName, syncVariant, variant: syncVariant, models: [model], urls };
  const decision = { runKind, startedAt: now, finishedAt: now, counts: { [model]: counts }, checkpoints: { from: null, to: null }, error: null };
  for (const body of syncWebhooks({ ...sync, always: false, onError: false }, decision)) {
    await client.query(
      `insert into outbox_event (id, environment_id, operation_id, url, body) select gen_random_uuid(), $1, $2, url, $4 from unnest($3::text[]) as url`,
      [environmentId, operationId, urls, body],
    );
  }
  await client.query(`select pg_notify($1, '')`, [channels.outbox]);
}

async function readFacts(client: Queryable, { environmentId, executionId }: Deletion): Promise<Facts | undefined> {
  const { rows } = await client.query<Facts>(
    `select array_remove(array[v.webhook_url, v.webhook_url_secondary], null) as urls, e.run_kind as "runKind", e.operation_id as "operationId", now() as now
     from environment v left join execution e on e.id = $2 and e.environment_id = v.id where v.id = $1`,
    [environmentId, executionId],
  );
  return rows[0];
}
