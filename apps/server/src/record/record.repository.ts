import { Inject, Injectable } from '@nestjs/common';
import { type ListRequest, type Pruned, type PruneRequest, RECORDS, type RecordStore } from 'database';
import type { RecordPage } from 'model';

@Injectable()
export class RecordRepository {
  constructor(@Inject(RECORDS) private readonly records: RecordStore) {}

  /** A page along the change sequence. */
  list(request: ListRequest): Promise<RecordPage> {
    return this.records.list(request);
  }

  /** A page as the JSON text of a `RecordPage`. */
  listText(request: ListRequest): Promise<string> {
    return this.records.listText(request);
  }

  /** Takes payloads up to a record. */
  prune(request: PruneRequest): Promise<Pruned> {
    return this.records.prune(request);
  }

  /** Living records of a connection, by stored model. */
  counts(environmentId: number, connectionId: number): Promise<Record<string, number>> {
    return this.records.counts(environmentId, connectionId);
  }
}
