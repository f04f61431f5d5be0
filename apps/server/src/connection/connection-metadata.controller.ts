import { Body, Controller, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { Metadata, MetadataChange } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ConnectionTarget, type TargetHeaders } from '../script/connection-target.decorator.js';
import { requireKey } from '../script/connection-target.service.js';
import { ConnectionMetadataService } from './connection-metadata.service.js';

@Controller(['connection', 'connections'])
export class ConnectionMetadataController {
  constructor(private readonly metadata: ConnectionMetadataService) {}

  @Post('metadata')
  @HttpCode(201)
  async replace(@EnvironmentId() environmentId: number, @Body({ schema: MetadataChange }) change: MetadataChange): Promise<MetadataChange> {
    await this.metadata.write(environmentId, 'replace', change);
    return change;
  }

  @Patch('metadata')
  async merge(@EnvironmentId() environmentId: number, @Body({ schema: MetadataChange }) change: MetadataChange): Promise<MetadataChange> {
    await this.metadata.write(environmentId, 'merge', change);
    return change;
  }

  /** The first era's form: the body is the metadata itself. */
  @Post(':connectionId/metadata')
  @HttpCode(201)
  async replaceOne(
    @EnvironmentId() environmentId: number,
    @Param('connectionId') connectionId: string,
    @ConnectionTarget() headers: TargetHeaders,
    @Body({ schema: Metadata }) metadata: Metadata,
  ): Promise<Metadata> {
    await this.metadata.write(environmentId, 'replace', { connection_id: connectionId, provider_config_key: requireKey(headers.providerConfigKey), metadata });
    return metadata;
  }

  @Patch(':connectionId/metadata')
  async mergeOne(
    @EnvironmentId() environmentId: number,
    @Param('connectionId') connectionId: string,
    @ConnectionTarget() headers: TargetHeaders,
    @Body({ schema: Metadata }) metadata: Metadata,
  ): Promise<Metadata> {
    await this.metadata.write(environmentId, 'merge', { connection_id: connectionId, provider_config_key: requireKey(headers.providerConfigKey), metadata });
    return metadata;
  }
}
