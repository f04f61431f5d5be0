import type { Transform } from 'node:stream';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from 'egress';
import { AppError, CallAnswer, callHeader, ScriptCall } from 'model';
import { AccessService } from '../access/access.service.js';
import { shortHeaders } from '../call/answer-headers.js';
import { decoderFor } from '../call/decode.js';
import { failureOf } from '../call/outcome.js';
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
    await whole(answer, reply, call.decompress !== false);
  }
}

/** A script's answer has to fit its memory anyway. */
const longestBody = 128_000_000;

/**
 * 200 with the whole body; status and headers travel in a header. It is read to its end first: a body that broke off at the
 * API must be told as an error, which is not the same to the runner as a proxy that went away.
 */
async function whole(answer: Answer, reply: FastifyReply, decoded: boolean): Promise<void> {
  const decoder = decoded ? decoderFor(answer.headers['content-encoding']) : undefined;
  const { status, statusText, headers } = answer;
  const head: CallAnswer = { status, statusText, headers: shortHeaders(headers, decoder ? 'decoded' : 'as-sent') };
  const body = await (decoder ? decode(answer, decoder) : answer.bytes(longestBody)).catch((error: unknown) => {
    throw failureOf(error);
  });
  void reply
    .status(200)
    .headers({ 'content-type': 'application/octet-stream', [callHeader]: Buffer.from(JSON.stringify(head)).toString('base64url') })
    .send(body);
}

async function decode(answer: Answer, decoder: Transform): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const collected = (async () => {
    for await (const chunk of decoder) {
      size += (chunk as Buffer).length;
      if (size > longestBody) throw new AppError('upstream_unreachable', { message: `The answer is larger than ${longestBody} bytes` });
      chunks.push(chunk as Buffer);
    }
  })();
  await Promise.all([answer.pipe(decoder), collected]);
  return Buffer.concat(chunks);
}
