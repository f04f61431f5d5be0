import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { AppError } from 'model';
import { Public } from '../access/public.decorator.js';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { type ClientMetadata, clientMetadata, clientMetadataUrl } from './client-metadata.js';
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
  async get(@Param('environmentUuid') environmentUuid: string, @Param('key') key: string): Promise<ClientMetadata> {
    const { serverUrl } = this.configuration;
    const found = await this.integrations.find(environmentUuid, key);
    if (!found) throw new AppError('unknown_provider_config', { message: 'There is no such integration', status: 404 });
    const redirectUri = callbackUrl(serverUrl, found.callbackUrl, key);
    return clientMetadata({ serverUrl, clientId: clientMetadataUrl(serverUrl, environmentUuid, key), name: found.name, redirectUri });
  }
}
