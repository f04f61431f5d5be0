import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { clientMetadata } from 'authorization';
import { AppError } from 'model';
import { Public } from '../access/public.decorator.js';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { clientMetadataUrl } from './client-metadata.js';
import { callbackUrl } from './callback-url.js';
import { ClientMetadataRepository } from './client-metadata.repository.js';

/** Client metadata documents: what an authorization server reads that takes the address of one as a client id. */
@Public()
@Controller('oauth/client-metadata')
export class ClientMetadataController {
  constructor(
    private readonly integrations: ClientMetadataRepository,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  @Get(':environmentUuid/:key')
  @Header('cache-control', 'public, max-age=300')
  async get(@Param('environmentUuid') environmentUuid: string, @Param('key') key: string): Promise<Record<string, unknown>> {
    const { serverUrl } = this.configuration;
    const found = await this.integrations.find(environmentUuid, key);
    if (!found) throw new AppError('unknown_provider_config', { message: 'There is no such integration', status: 404 });
    const redirectUri = callbackUrl(serverUrl, found.callbackUrl, key);
    const clientId = clientMetadataUrl(serverUrl, environmentUuid, key);
    return { client_id: clientId, client_uri: serverUrl, ...clientMetadata({ redirectUri, clientName: found.name }) };
  }
}
