import { All, Body, Controller, Headers, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { answerAction, orRetryLater } from '../action/action-reply.js';
import { ConnectionTarget, type TargetHeaders } from '../script/connection-target.decorator.js';
import { GeneratedEndpointService } from './generated-endpoint.service.js';

@Controller('v1')
export class GeneratedEndpointController {
  constructor(private readonly endpoints: GeneratedEndpointService) {}

  @All('*')
  async answer(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Param('*') path: string,
    @Query() query: Record<string, unknown>,
    @Body() body: unknown,
    @Req() { method }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const request = { environmentId, headers, method, path: `/${path}`, query, body, idempotencyKey };
    const answer = await orRetryLater(reply, () => this.endpoints.answer(request));
    if (answer.kind === 'action') answerAction(reply, answer.outcome);
    else void reply.send(answer.page);
  }
}
