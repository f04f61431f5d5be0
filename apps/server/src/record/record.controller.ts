import { Body, Controller, Get, Header, Patch, Query } from '@nestjs/common';
import { type PrunedRecords, PruneRecords, type RecordsQuery } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ConnectionTarget, type TargetHeaders } from '../script/connection-target.decorator.js';
import { RecordService } from './record.service.js';
import { parseLegacyQuery, RecordsQueryForm, refuseTypos } from './records-query.js';

@Controller()
export class RecordController {
  constructor(private readonly records: RecordService) {}

  /** Answers a `RecordPage`, which comes as text: payloads are sent as they were stored. */
  @Get('records')
  @Header('content-type', 'application/json; charset=utf-8')
  list(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Query() raw: Record<string, unknown>,
    @Query({ schema: RecordsQueryForm }) query: RecordsQuery,
  ): Promise<string> {
    refuseTypos(raw);
    return this.records.listText(environmentId, headers, query);
  }

  @Patch('records/prune')
  prune(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Body({ schema: PruneRecords }) request: PruneRecords,
  ): Promise<PrunedRecords> {
    return this.records.prune(environmentId, headers, request);
  }

  @Get('sync/records')
  listAll(@EnvironmentId() environmentId: number, @ConnectionTarget() headers: TargetHeaders, @Query() query: Record<string, unknown>): Promise<unknown[]> {
    return this.records.listAll(environmentId, headers, parseLegacyQuery(query));
  }
}
