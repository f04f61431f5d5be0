import { Controller, Get, Query } from '@nestjs/common';
import type { RecordPage, RecordsQuery } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ConnectionTarget, type TargetHeaders } from '../script/connection-target.decorator.js';
import { RecordService } from './record.service.js';
import { parseLegacyQuery, RecordsQueryForm, refuseTypos } from './records-query.js';

@Controller()
export class RecordController {
  constructor(private readonly records: RecordService) {}

  @Get('records')
  list(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Query() raw: Record<string, unknown>,
    @Query({ schema: RecordsQueryForm }) query: RecordsQuery,
  ): Promise<RecordPage> {
    refuseTypos(raw);
    return this.records.list(environmentId, headers, query);
  }

  @Get('sync/records')
  listAll(@EnvironmentId() environmentId: number, @ConnectionTarget() headers: TargetHeaders, @Query() query: Record<string, unknown>): Promise<unknown[]> {
    return this.records.listAll(environmentId, headers, parseLegacyQuery(query));
  }
}
