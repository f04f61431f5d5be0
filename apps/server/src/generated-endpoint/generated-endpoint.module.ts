import { Module } from '@nestjs/common';
import { ActionModule } from '../action/action.module.js';
import { RecordModule } from '../record/record.module.js';
import { GeneratedEndpointController } from './generated-endpoint.controller.js';
import { GeneratedEndpointRepository } from './generated-endpoint.repository.js';
import { GeneratedEndpointService } from './generated-endpoint.service.js';

@Module({
  imports: [ActionModule, RecordModule],
  controllers: [GeneratedEndpointController],
  providers: [GeneratedEndpointService, GeneratedEndpointRepository],
})
export class GeneratedEndpointModule {}
