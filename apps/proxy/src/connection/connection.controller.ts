import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ConnectionRequest, type ConnectionWithCredentials } from 'model';
import { AccessService } from '../access/access.service.js';
import { ConnectionViewService } from './connection-view.service.js';
import { ScriptConnectionService } from './script-connection.service.js';

@Controller('internal/connections')
export class ConnectionController {
  constructor(
    private readonly access: AccessService,
    private readonly views: ConnectionViewService,
    private readonly scripts: ScriptConnectionService,
  ) {}

  @Post()
  @HttpCode(200)
  async read(@Req() request: FastifyRequest, @Body({ schema: ConnectionRequest }) asked: ConnectionRequest): Promise<ConnectionWithCredentials> {
    const caller = await this.access.insideCaller(request.headers.authorization, ['server', 'orchestrator']);
    return caller.kind === 'execution' ? this.scripts.read(caller.execution, asked) : this.views.read(asked);
  }
}
