import { All, Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { answerAction, orRetryLater } from '../action/action-reply.js';
import { RunHeaders } from '../action/run-headers.decorator.js';
import { ConnectionTarget, type TargetHeaders } from '../script/connection-target.decorator.js';
import { GeneratedEndpointService } from './generated-endpoint.service.js';

type EndpointHttpRequest = FastifyRequest<{ Params: { '*': string }; Querystring: Record<string, unknown> }>;

@Controller('v1')
export class GeneratedEndpointController {
  constructor(private readonly endpoints: GeneratedEndpointService) {}

  @All('*')
  async answer(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @RunHeaders() { idempotencyKey }: RunHeaders,
    @Req() { method, params, query, body }: EndpointHttpRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const request = { environmentId, headers, method, path: `/${params['*']}`, query, body, idempotencyKey };
    const answer = await orRetryLater(reply, () => this.endpoints.answer(request));
    if (answer.kind === 'action') answerAction(reply, answer.outcome);
    else void reply.send(answer.page);
  }
}
