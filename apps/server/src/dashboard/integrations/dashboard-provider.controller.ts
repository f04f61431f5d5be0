import { Controller, Get, UseGuards } from '@nestjs/common';
import type { DashboardProvider } from 'model/dashboard';
import { Public } from '../../access/public.decorator.js';
import { ProviderService, type ShownProvider } from '../../provider/provider.service.js';
import { SameOriginGuard } from '../session/same-origin.guard.js';
import { SessionGuard } from '../session/session.guard.js';

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

function toDashboardProvider({ name, display_name, auth_mode, connection_config = {} }: ShownProvider): DashboardProvider {
  const asked = Object.entries(connection_config).filter(([, field]) => !field.automated && !field.hidden);
  return { name, displayName: display_name, authMode: auth_mode, connectionConfig: asked.map(([field]) => field) };
}
