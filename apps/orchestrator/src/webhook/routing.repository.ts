import { Inject, Injectable } from '@nestjs/common';
import { Vault } from 'credentials';
import { POOL, type Pool, type PoolClient, transaction } from 'database';
import { executionPurposes, insertRuns, type NewRun, sealJson } from 'journal/postgres';
import type { WebhookDelivery } from 'model';
import { randomUUID } from 'node:crypto';
import { type ConcernedConnection, ConcernedRepository, type WebhookPlace } from './concerned.repository.js';
import { forwardsOf, payloadOf } from './forward.js';
import { InboxRepository, type WaitingWebhook } from './inbox.repository.js';
import { type Forward, RoutedRepository, type WebhookNote } from './routed.repository.js';

/** Runs that one workflow is to run together. */
export type RunBatch = { batchId: string; environmentId: number; executionIds: string[] };

/** What came of routing: how many webhooks, and the runs to start. */
export type Routed = { webhooks: number; batches: RunBatch[] };

type Consequences = { runs: NewRun[]; forwards: Forward[]; notes: WebhookNote[] };

/** One workflow's share: its history stays small, and a slow script among them holds up nobody. */
const batchSize = 50;

/** Takes webhooks from the inbox and opens what they ask for, all in one transaction: none is routed twice or in part. */
@Injectable()
export class RoutingRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
    private readonly inbox: InboxRepository,
    private readonly concerned: ConcernedRepository,
    private readonly routed: RoutedRepository,
  ) {}

  route(environmentId: number, limit: number): Promise<Routed> {
    return transaction(this.pool, async (client) => {
      const webhooks = await this.inbox.claim(client, environmentId, limit);
      const all: Consequences = { runs: [], forwards: [], notes: [] };
      const places = new Map<number, WebhookPlace | null>();
      for (const webhook of webhooks) {
        const place = places.get(webhook.integrationId) ?? (await this.concerned.place(client, environmentId, webhook.integrationId));
        places.set(webhook.integrationId, place);
        if (place) await this.routeOne(client, place, webhook, all);
      }
      const batches = inBatches(environmentId, all.runs);
      await insertRuns((sql, values) => client.query(sql, values), environmentId, all.runs);
      await this.routed.addNotes(client, environmentId, all.notes);
      await this.routed.addForwards(client, environmentId, all.forwards);
      const ids = webhooks.map(({ id }) => id);
      await this.inbox.markRouted(client, environmentId, ids);
      return { webhooks: webhooks.length, batches };
    });
  }

  private async routeOne(client: PoolClient, place: WebhookPlace, { content }: WaitingWebhook, all: Consequences): Promise<void> {
    if (!content) return void all.notes.push(noteOf(place, 'webhook', [], 'The webhook could not be read'));
    for (const delivery of content.deliveries) {
      const connections = await this.concerned.connections(client, place, delivery.match);
      const runs = await this.runsOf(client, place, { delivery, connections, payload: payloadOf(content, delivery) });
      all.runs.push(...runs);
      const forwards = forwardsOf(place, content, delivery, connections);
      if (runs.length > 0 && forwards.length === 0) continue;
      const note = noteOf(place, delivery.types[0] ?? 'webhook', connections, summary(connections.length, runs.length));
      all.notes.push(note);
      all.forwards.push(...forwards.flatMap((forward) => place.forwardUrls.map((url) => ({ ...forward, url, operationId: note.operationId }))));
    }
  }

  private async runsOf(
    client: PoolClient,
    place: WebhookPlace,
    event: { delivery: WebhookDelivery; connections: ConcernedConnection[]; payload: unknown },
  ): Promise<NewRun[]> {
    const ids = event.connections.map(({ id }) => id);
    const syncs = await this.concerned.syncs(client, place, event.delivery.types, ids);
    if (syncs.length === 0) return [];
    const input = await sealJson(this.vault, place.environmentId, executionPurposes.input, event.payload);
    return syncs.map((sync) => ({ ...sync, executionId: randomUUID(), kind: 'webhook', runKind: 'WEBHOOK', input }));
  }
}

function inBatches(environmentId: number, runs: NewRun[]): RunBatch[] {
  const batches: RunBatch[] = [];
  for (let first = 0; first < runs.length; first += batchSize) {
    const batchId = randomUUID();
    const batch = runs.slice(first, first + batchSize);
    for (const run of batch) run.batchId = batchId;
    batches.push({ batchId, environmentId, executionIds: batch.map(({ executionId }) => executionId) });
  }
  return batches;
}

function noteOf({ providerConfigKey }: WebhookPlace, title: string, connections: ConcernedConnection[], message: string): WebhookNote {
  const [only, another] = connections;
  return { operationId: randomUUID(), integration: providerConfigKey, connectionId: only && !another ? only.name : null, title, message };
}

function summary(connections: number, runs: number): string {
  if (connections === 0) return 'No connection matches this webhook';
  return runs === 0 ? `${connections} connections match, no sync subscribes to it` : `${connections} connections match, ${runs} scripts run`;
}
