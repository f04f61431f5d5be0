import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from 'egress';
import { CallAnswer, callHeader, ScriptCall } from 'model';
import { AccessService } from '../access/access.service.js';
import { shortHeaders } from '../call/answer-headers.js';
import { decoderFor } from '../call/decode.js';
import { callerGone } from '../call/relay.js';
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
    const answer = await this.calls.call(execution, call, callerGone(reply.raw));
    await stream(answer, reply, call.decompress !== false);
  }
}

/** 200 with the body as it streams; status and headers travel in a header. A body that breaks off breaks off here too. */
async function stream(answer: Answer, reply: FastifyReply, decoded: boolean): Promise<void> {
  const decoder = decoded ? decoderFor(answer.headers['content-encoding']) : undefined;
  const { status, statusText, headers } = answer;
  const head: CallAnswer = { status, statusText, headers: shortHeaders(headers, decoder ? 'decoded' : 'as-sent') };
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'application/octet-stream', [callHeader]: Buffer.from(JSON.stringify(head)).toString('base64url') });
  if (!decoder) return answer.pipe(raw).catch(silent);
  decoder.once('error', () => raw.destroy());
  decoder.pipe(raw);
  await answer.pipe(decoder).catch(silent);
}

/** Whoever reads sees the broken connection; there is nobody left to tell. */
function silent(): void {}
