import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database, type Transaction } from 'database';
import { insertRuns } from 'journal/postgres';
import type { ConnectionEvent } from 'model';

/** An event script that is deployed and enabled. */
export type EventScript = { name: string; scriptVersionId: number };

/** Which scripts: those of an integration that run at one moment of its connections. */
export type EventPlace = { environmentId: number; integrationId: number; event: ConnectionEvent };

@Injectable()
export class EventScriptRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  list(place: EventPlace): Promise<EventScript[]> {
    return eventScripts(this.database, place);
  }
}

/** Opens a run of each script for a connection, in the caller's transaction; answers their executions, to be started after the commit. */
export async function openEventRuns(transaction: Transaction, place: EventPlace, connectionId: number): Promise<string[]> {
  const scripts = await eventScripts(transaction, place);
  const runs = scripts.map(({ scriptVersionId }) => ({ executionId: randomUUID(), kind: 'event' as const, connectionId, scriptVersionId, input: null }));
  await insertRuns((sql, values) => transaction.$executeRawUnsafe(sql, ...values), place.environmentId, runs);
  return runs.map(({ executionId }) => executionId);
}

async function eventScripts(client: Pick<Database, 'script'>, { environmentId, integrationId, event }: EventPlace): Promise<EventScript[]> {
  const rows = await client.script.findMany({
    where: { environmentId, integrationId, type: 'on-event', enabled: true, activeVersion: { events: { has: event } } },
    select: { name: true, activeVersionId: true },
    orderBy: { id: 'asc' },
  });
  return rows.flatMap(({ name, activeVersionId }) => (activeVersionId === null ? [] : [{ name, scriptVersionId: activeVersionId }]));
}
