import { Body, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { NewIntegration } from 'model';
import { type DashboardIntegration, type DashboardIntegrationDetail, DashboardIntegrationPatch } from 'model/dashboard';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';
import { DashboardIntegrationService } from './dashboard-integration.service.js';

@DashboardController('integrations')
export class DashboardIntegrationController {
  constructor(private readonly integrations: DashboardIntegrationService) {}

  @Get()
  async list(@EnvironmentId() environmentId: number): Promise<{ integrations: DashboardIntegration[] }> {
    return { integrations: await this.integrations.list(environmentId) };
  }

  @Get(':uniqueKey')
  detail(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<DashboardIntegrationDetail> {
    return this.integrations.detail(environmentId, uniqueKey);
  }

  @Post()
  create(@EnvironmentId() environmentId: number, @Body({ schema: NewIntegration }) request: NewIntegration): Promise<DashboardIntegrationDetail> {
    return this.integrations.create(environmentId, request);
  }

  @Patch(':uniqueKey')
  change(
    @EnvironmentId() environmentId: number,
    @Param('uniqueKey') uniqueKey: string,
    @Body({ schema: DashboardIntegrationPatch }) patch: DashboardIntegrationPatch,
  ): Promise<DashboardIntegrationDetail> {
    return this.integrations.change(environmentId, uniqueKey, patch);
  }

  @Delete(':uniqueKey')
  @HttpCode(204)
  delete(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<void> {
    return this.integrations.delete(environmentId, uniqueKey);
  }
}
