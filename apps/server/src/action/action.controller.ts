import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ActionRequest } from 'model';
import { z } from 'zod';
import { callerGone } from 'service';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ConnectionTarget, type TargetHeaders } from '../script/connection-target.decorator.js';
import { answerAction, orRetryLater } from './action-reply.js';
import { ActionService } from './action.service.js';
import { RunHeaders } from './run-headers.decorator.js';

@Controller('action')
export class ActionController {
  constructor(private readonly actions: ActionService) {}

  @Post('trigger')
  async trigger(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @RunHeaders() { idempotencyKey, isAsync, maxRetries }: RunHeaders,
    @Body({ schema: ActionRequest }) request: ActionRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const call = { environmentId, headers, request, idempotencyKey };
    if (!isAsync) return answerAction(reply, await orRetryLater(reply, () => this.actions.trigger(call, callerGone(reply.raw))));
    const answer = await this.actions.triggerAsync(call, maxRetries);
    void reply.status(202).header('location', answer.statusUrl).send(answer);
  }

  @Get(':id')
  async result(@EnvironmentId() environmentId: number, @Param('id', { schema: z.uuid() }) id: string, @Res() reply: FastifyReply): Promise<void> {
    answerAction(reply, await this.actions.result(environmentId, id));
  }
}
