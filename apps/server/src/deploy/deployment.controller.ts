import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import type { DeployedScript, DeployPlan, DeployRequest } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { requireRecentCli } from './cli-version.js';
import { DeployPayload } from './deploy-payload.js';
import { DeploymentService } from './deployment.service.js';

@Controller('sync/deploy')
export class DeploymentController {
  constructor(private readonly deployments: DeploymentService) {}

  @Post('confirmation')
  @HttpCode(200)
  plan(
    @EnvironmentId() environmentId: number,
    @Headers('user-agent') userAgent: string | undefined,
    @Body({ schema: DeployPayload }) request: DeployRequest,
  ): Promise<DeployPlan> {
    requireRecentCli(userAgent);
    return this.deployments.plan(environmentId, request);
  }

  @Post()
  @HttpCode(200)
  deploy(
    @EnvironmentId() environmentId: number,
    @Headers('user-agent') userAgent: string | undefined,
    @Body({ schema: DeployPayload }) request: DeployRequest,
  ): Promise<DeployedScript[]> {
    requireRecentCli(userAgent);
    return this.deployments.deploy(environmentId, request);
  }
}
