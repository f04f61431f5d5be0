import { Injectable } from '@nestjs/common';
import { type LegacyRecordsQuery, type PrunedRecords, type PruneRecords, Recent, type RecordPage, type RecordsQuery, storedModel } from 'model';
import type { TargetHeaders } from '../script/connection-target.decorator.js';
import { ConnectionTargetService } from '../script/connection-target.service.js';
import { toLegacyRecords } from './legacy-record.js';
import { RecordRepository } from './record.repository.js';
import { momentOf } from './records-query.js';

type ListRequest = Parameters<RecordRepository['list']>[0];

const legacyPage = 10_000;

@Injectable()
export class RecordService {
  private readonly lastTargets = new Recent<string, number>(1_000);

  constructor(
    private readonly targets: ConnectionTargetService,
    private readonly records: RecordRepository,
  ) {}

  async list(environmentId: number, headers: TargetHeaders, query: RecordsQuery): Promise<RecordPage> {
    const { connectionId } = await this.targets.require(environmentId, headers);
    return this.records.list(pageOf(environmentId, connectionId, query));
  }

  /**
   * The same page as the JSON text of a `RecordPage`. Who reads page after page is read for while the connection is looked up: what was
   * read counts if the names still mean that connection.
   */
  async listText(environmentId: number, headers: TargetHeaders, query: RecordsQuery): Promise<string> {
    const names = `${environmentId}/${headers.providerConfigKey}/${headers.connectionId}`;
    const before = this.lastTargets.get(names);
    const early = before === undefined ? undefined : settle(this.records.listText(pageOf(environmentId, before, query)));
    const { connectionId } = await this.targets.require(environmentId, headers);
    this.lastTargets.set(names, connectionId);
    if (early && connectionId === before) return (await early)();
    return this.records.listText(pageOf(environmentId, connectionId, query));
  }

  /** Everything of a model at once, as the first era answered it. */
  async listAll(environmentId: number, headers: TargetHeaders, query: LegacyRecordsQuery): Promise<unknown[]> {
    const { connectionId } = await this.targets.require(environmentId, headers);
    const { model, filter, delta } = query;
    const records: RecordPage['records'] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page: RecordPage = await this.records.list({
        environmentId,
        connectionId,
        model,
        filter,
        cursor,
        limit: legacyPage,
        modifiedAfter: delta && momentOf(delta),
      });
      records.push(...page.records);
      cursor = page.next_cursor ?? undefined;
      more = cursor !== undefined;
    }
    return toLegacyRecords(records, query);
  }

  /** Takes payloads up to a record. @throws AppError `invalid_cursor` */
  async prune(environmentId: number, headers: TargetHeaders, { model, variant, until_cursor, limit }: PruneRecords): Promise<PrunedRecords> {
    const { connectionId } = await this.targets.require(environmentId, headers);
    const request = { environmentId, connectionId, model: storedModel(model, variant), untilCursor: until_cursor, limit };
    const { count, hasMore } = await this.records.prune(request);
    return { count, has_more: hasMore };
  }
}

function pageOf(environmentId: number, connectionId: number, query: RecordsQuery): ListRequest {
  const { limit, filter, cursor, ids } = query;
  const after = query.delta ?? query.modified_after;
  return { environmentId, connectionId, model: storedModel(query.model, query.variant), limit, filter, cursor, ids, modifiedAfter: after && momentOf(after) };
}

/** What a promise comes to, told when it is asked for: a failure that nobody needs to hear of is none. */
function settle<T>(promise: Promise<T>): Promise<() => T> {
  return promise.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
}
