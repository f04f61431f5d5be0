import { Module } from '@nestjs/common';
import { ConnectionTargetRepository } from './connection-target.repository.js';
import { ConnectionTargetService } from './connection-target.service.js';

@Module({ providers: [ConnectionTargetService, ConnectionTargetRepository], exports: [ConnectionTargetService] })
export class ConnectionTargetModule {}
