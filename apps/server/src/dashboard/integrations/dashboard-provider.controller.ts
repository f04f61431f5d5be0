import { Controller, Get, UseGuards } from '@nestjs/common';
import type { DashboardProvider } from 'model/dashboard';
import { Public } from '../../access/public.decorator.js';
import { ProviderService } from '../../provider/provider.service.js';
import { SameOriginGuard } from '../session/same-origin.guard.js';
import { SessionGuard } from '../session/session.guard.js';
import { toDashboardProvider } from './dashboard-provider.js';

@Public()
@UseGuards(SameOriginGuard, SessionGuard)
@Controller('api/v1/providers')
export class DashboardProviderController {
  constructor(private readonly providers: ProviderService) {}

  @Get()
  list(): { providers: DashboardProvider[] } {
    return { providers: this.providers.list().map(toDashboardProvider) };
  }
}
