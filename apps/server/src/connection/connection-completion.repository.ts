import { randomUUID } from 'node:crypto';
import type { Transaction } from 'database';
import { type AuthWebhook, type AuthMode, channels, EndUser, Tags } from 'model';
import { announce } from '../access/configuration-changes.repository.js';
import { openEventRuns } from '../event/event-script.repository.js';
import { createSyncRows } from '../sync/sync-rows.repository.js';

/** A connection that has its credential. `id` is the row's. */
export type AcceptedConnection = { environmentId: number; integrationId: number; id: number; operation: 'creation' | 'override'; authMode: AuthMode };

/**
 * What follows once a connection has its credential (surface 5.4), in the caller's transaction: its problem is over, a new one gets its syncs
 * and the runs of its event scripts, the product is told. Answers the runs, to be started after the commit.
 */
export async function completeConnection(transaction: Transaction, connection: AcceptedConnection): Promise<string[]> {
  const { environmentId, integrationId, id, operation } = connection;
  await transaction.connectionError.deleteMany({ where: { environmentId, connectionId: id, type: 'auth' } });
  await createSyncRows(transaction, { environmentId, connectionId: id });
  const runs = operation === 'creation' ? await openEventRuns(transaction, { environmentId, integrationId, event: 'post-connection-creation' }, id) : [];
  await tellProduct(transaction, connection);
  await announce(transaction, 'connection', [id]);
  return runs;
}

async function tellProduct(transaction: Transaction, { environmentId, id, operation, authMode }: AcceptedConnection): Promise<void> {
  const { name, webhookUrl, webhookUrlSecondary, onAuthCreation } = await transaction.environment.findUniqueOrThrow({ where: { id: environmentId } });
  const urls = [webhookUrl, webhookUrlSecondary].filter((url) => url !== null);
  // A new credential for an old connection is always told (surface 6.1).
  if (urls.length === 0 || (operation === 'creation' && !onAuthCreation)) return;
  const connection = await transaction.connection.findUniqueOrThrow({
    where: { id, environmentId },
    select: { connectionId: true, endUser: true, tags: true, integration: { select: { uniqueKey: true, provider: true } } },
  });
  const { connectionId, integration } = connection;
  const about = { connectionId, authMode, providerConfigKey: integration.uniqueKey, provider: integration.provider, environment: name };
  const body: AuthWebhook = { from: 'nango', type: 'auth', ...about, operation, success: true, ...personOf(connection) };
  const data = urls.map((url) => ({ id: randomUUID(), environmentId, url, body: JSON.stringify(body) }));
  await transaction.outboxEvent.createMany({ data });
  await transaction.$executeRaw`select pg_notify(${channels.outbox}, '')`;
}

function personOf({ endUser, tags }: { endUser: unknown; tags: unknown }): Pick<AuthWebhook, 'endUser' | 'tags'> {
  const user = EndUser.nullable().catch(null).parse(endUser);
  const person = user && {
    endUserId: user.id,
    ...(user.email ? { endUserEmail: user.email } : {}),
    ...(user.organization ? { organizationId: user.organization.id } : {}),
    ...(user.tags ? { tags: user.tags } : {}),
  };
  return { ...(person ? { endUser: person } : {}), tags: Tags.catch({}).parse(tags) };
}
