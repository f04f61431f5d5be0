import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callHeader, type CallReply, ScriptCall } from 'model';
import { callerGone } from 'service';
import { AccessService } from '../access/access.service.js';
import type { Reply } from './reply.js';
import { ScriptCallService } from './script-call.service.js';

@Controller('internal/calls')
export class ScriptCallController {
  constructor(
    private readonly access: AccessService,
    private readonly calls: ScriptCallService,
  ) {}

  @Post()
  async call(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body({ schema: ScriptCall }) call: ScriptCall): Promise<void> {
    const execution = await this.access.executionOf(request.headers.authorization);
    send(reply, await this.calls.call(execution, call, callerGone(reply.raw)));
  }
}

/** 200 with the whole body; status and headers travel in a header. */
function send(reply: FastifyReply, answered: Reply): void {
  const [head, body]: [CallReply, Uint8Array] = 'parkedUntil' in answered ? [answered, Buffer.alloc(0)] : [answered.answer, answered.body];
  void reply
    .status(200)
    .headers({ 'content-type': 'application/octet-stream', [callHeader]: Buffer.from(JSON.stringify(head)).toString('base64url') })
    .send(body);
}
