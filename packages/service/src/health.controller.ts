import { Controller, Get, Inject, Optional } from '@nestjs/common';

/** Injection token of what a service says of itself beside being there; its module provides and exports it. No secrets: anybody may ask. */
export const HEALTH_DETAILS = Symbol('HealthDetails');

/** Answers as soon as the service listens, which is after everything it needs has started. */
@Controller('health')
export class HealthController {
  constructor(@Optional() @Inject(HEALTH_DETAILS) private readonly details: Record<string, string> = {}) {}

  @Get()
  health(): { result: 'ok' } & Record<string, string> {
    return { result: 'ok', ...this.details };
  }
}
