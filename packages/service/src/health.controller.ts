import { Controller, Get } from '@nestjs/common';

/** Answers as soon as the service listens, which is after everything it needs has started. */
@Controller('health')
export class HealthController {
  @Get()
  health(): { result: 'ok' } {
    return { result: 'ok' };
  }
}
