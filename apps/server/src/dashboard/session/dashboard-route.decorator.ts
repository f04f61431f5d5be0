import { applyDecorators, Controller, UseGuards } from '@nestjs/common';
import { Public } from '../../access/public.decorator.js';
import { ChosenEnvironmentGuard } from './chosen-environment.guard.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { SessionGuard } from './session.guard.js';

/** A controller of the dashboard's own API: for whoever is signed in, in the environment that `?env=` names. */
export const DashboardController = (path: string) =>
  applyDecorators(Controller(`api/v1/${path}`), Public(), UseGuards(SameOriginGuard, SessionGuard, ChosenEnvironmentGuard));
