import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { CancellationService } from './cancellation.service.js';

@Controller('action')
export class ActionCancellationController {
  constructor(private readonly cancellations: CancellationService) {}

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@EnvironmentId() environmentId: number, @Param('id', { schema: z.uuid() }) id: string): Promise<{ success: true }> {
    await this.cancellations.cancelRun(environmentId, id);
    return { success: true };
  }
}
