import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ConnectionImport, type ConnectionWithCredentials, NewConnection, withoutRefreshToken } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ConnectionImportService } from './connection-import.service.js';

@Controller()
export class ConnectionImportController {
  constructor(private readonly imports: ConnectionImportService) {}

  /** Makes a connection of credentials that the caller has, or gives an existing one a new credential. */
  @Post('connection')
  @HttpCode(201)
  async importFlat(@EnvironmentId() environmentId: number, @Body({ schema: ConnectionImport }) request: ConnectionImport): Promise<ConnectionImport> {
    return { ...request, connection_id: await this.imports.importFlat(environmentId, request) };
  }

  @Post('connections')
  @HttpCode(201)
  async create(@EnvironmentId() environmentId: number, @Body({ schema: NewConnection }) request: NewConnection): Promise<ConnectionWithCredentials> {
    const { connection, credentials } = await this.imports.create(environmentId, request);
    return { ...connection, credentials: withoutRefreshToken(credentials) };
  }
}
