import { Module } from '@nestjs/common';
import { EnvironmentVariableRepository } from './environment-variable.repository.js';
import { EnvironmentController } from './environment.controller.js';
import { EnvironmentRepository } from './environment.repository.js';
import { EnvironmentService } from './environment.service.js';

@Module({
  controllers: [EnvironmentController],
  providers: [EnvironmentRepository, EnvironmentVariableRepository, EnvironmentService],
  exports: [EnvironmentRepository, EnvironmentService],
})
export class EnvironmentModule {}
